package import Foundation
package import TemperCore

/// What a folder holds, ready for use: a model, or an adapter beside the model it belongs to.
package struct StoredModel {
    package let model: TransformerModel
    /// Not merged: its products are added to the base's.
    package let adapter: Adapter?
    /// Where the tokenizer is: in the folder itself, or else with the base.
    package let tokenizerFolder: URL

    /// Reads a Hugging Face folder, or a peft folder and its base.
    ///
    /// - Parameters:
    ///   - storage: how the weights are kept. When nil, as in the adapter's training; without such a record as bfloat16 where
    ///     that loses nothing, which halves the memory or better, else as fp32.
    ///   - locate: finds the base that an adapter names; see ``path(of:besides:)``.
    /// - Throws: ``TemperError`` that names the file and what is wrong with it.
    package init(
        folder: URL, storage: WeightStorage? = nil, precision: Precision = .auto,
        locate: ((String) throws -> URL)? = nil
    ) throws {
        guard AdapterFolder.isOne(folder) else {
            model = try TransformerModel(folder: folder, storage: storage ?? Self.lossless(folder, precision))
            adapter = nil
            tokenizerFolder = folder
            return
        }
        let name = try AdapterFolder.baseName(of: folder)
        let base = try locate.map { try $0(name) } ?? Self.path(of: name, besides: folder)
        guard !AdapterFolder.isOne(base) else {
            throw TemperError(
                .data, "the base of the adapter is itself an adapter", hint: "merge that one first", place: base.path,
                boundary: .engine)
        }
        let storage = try storage ?? AdapterFolder.storage(of: folder) ?? Self.lossless(base, precision)
        model = try TransformerModel(folder: base, storage: storage)
        adapter = try Adapter(folder: folder, for: model)
        tokenizerFolder = TokenizerFiles.areIn(folder) ? folder : base
    }

    /// Writes an adapter and its base as one model, merged in fp32, with the tokenizer.
    ///
    /// - Throws: as ``init(folder:storage:precision:locate:)``, and ``TemperError`` with code `data` for a folder that is not an adapter.
    package static func merge(
        adapter folder: URL, into output: URL, precision: TransformerModel.StoredPrecision = .fp32,
        locate: ((String) throws -> URL)? = nil
    ) throws {
        let stored = try StoredModel(folder: folder, storage: .fp32, locate: locate)
        guard let adapter = stored.adapter else {
            throw TemperError(
                .data, "the folder holds a whole model and no adapter", hint: "there is nothing to merge", place: folder.path,
                boundary: .engine)
        }
        adapter.merge(into: stored.model)
        try stored.model.save(folder: output, precision: precision)
        try TokenizerFiles.copy(from: stored.tokenizerFolder, to: output)
    }

    /// A base's folder by the path in an adapter's configuration: absolute, or relative to the working folder or the adapter's.
    package static func path(of name: String, besides folder: URL) throws -> URL {
        for url in [URL(fileURLWithPath: name), URL(fileURLWithPath: name, relativeTo: folder.appendingPathComponent("."))]
        where FileManager.default.fileExists(atPath: url.appendingPathComponent("config.json").path) {
            return url.absoluteURL
        }
        throw TemperError(
            .data, "the base model '\(name)' does not exist", hint: "set 'base_model_name_or_path' in its adapter_config.json",
            place: folder.path, boundary: .engine)
    }

    /// bf16 when the folder's matrices are bfloat16 and products run in it: the same bits as with fp32 weights.
    private static func lossless(_ folder: URL, _ precision: Precision) throws -> WeightStorage {
        guard precision.element == .bfloat16 else { return .fp32 }
        let files = try ModelFolder.files(in: folder)
        return files.flatMap(\.tensors).allSatisfy { $0.type == .bfloat16 || $0.shape.count < 2 } ? .bf16 : .fp32
    }
}
