import Foundation
import TemperCore

/// The weights of a Hugging Face folder: `model.safetensors`, or the shards that `model.safetensors.index.json` lists.
///
/// Files are mapped, not copied.
struct ModelFolder {
    static let file = "model.safetensors"
    static let index = "model.safetensors.index.json"

    private let files: [SafetensorsFile]
    /// The number of the file of each tensor of the model.
    private var places: [String: Int] = [:]

    /// Opens the files and compares names and shapes with the configuration's.
    ///
    /// - Throws: ``TemperError`` that names the file, and the tensor that is missing, misshapen, there twice or unknown.
    init(_ folder: URL, _ configuration: ModelConfiguration) throws {
        files = try Self.files(in: folder)
        let entries = WeightLayout(configuration).entries
        let known = Set(entries.map(\.name))
        for (number, file) in files.enumerated() {
            for tensor in file.tensors {
                guard known.contains(tensor.name) else {
                    try Self.requireNeedless(tensor.name, in: file, configuration)
                    continue
                }
                guard places.updateValue(number, forKey: tensor.name) == nil else {
                    throw TemperError(
                        .data, "tensor '\(tensor.name)' is in another file of the folder too", place: file.place, boundary: .data)
                }
            }
        }
        for entry in entries { try self.file(of: entry.name).withBytes(of: entry.name, shape: entry.shape) { _ in } }
        if configuration.tiesEmbeddings, let file = files.first(where: { $0.tensor(Self.head) != nil }) {
            try requireTied(file)
        }
    }

    private static let head = "lm_head.weight"
    private static let embeddings = "model.embed_tokens.weight"

    /// The head of a tied model must equal its embeddings. `transformers` 5 does not tie them where they differ, earlier versions drop the
    /// head: which model is meant, the folder does not say.
    private func requireTied(_ file: SafetensorsFile) throws {
        guard let head = file.tensor(Self.head), let other = self.file(of: Self.embeddings).tensor(Self.embeddings) else {
            return
        }
        let isEqual: Bool
        if head.shape != other.shape {
            isEqual = false
        } else if head.type == other.type {
            isEqual = try file.withBytes(of: Self.head) { left in
                try self.file(of: Self.embeddings).withBytes(of: Self.embeddings) { right in
                    guard let one = left.baseAddress, let two = right.baseAddress else { return left.count == right.count }
                    return left.count == right.count && memcmp(one, two, left.count) == 0
                }
            }
        } else {
            let (left, right) = (try Self.floats(head, in: file), try Self.floats(other, in: self.file(of: Self.embeddings)))
            isEqual = left == right
        }
        guard isEqual else {
            throw TemperError(
                .data, "'tie_word_embeddings' is true, but '\(Self.head)' differs from the embeddings",
                hint: "set it to false in config.json if the model has a head of its own; else leave the tensor out",
                place: file.place,
                boundary: .data)
        }
    }

    private static func floats(_ tensor: SafetensorsFile.Tensor, in file: SafetensorsFile) throws -> [Float] {
        var values = [Float](repeating: 0, count: tensor.elementCount)
        try values.withUnsafeMutableBufferPointer { values in
            guard let start = values.baseAddress else { return }
            try file.readFloats(tensor.name, shape: tensor.shape, into: start)
        }
        return values
    }

    /// Where a tensor is, or would be said to be missing.
    func file(of name: String) -> SafetensorsFile { files[places[name] ?? 0] }

    /// The files of weights, at least one.
    static func files(in folder: URL) throws -> [SafetensorsFile] {
        let manager = FileManager.default
        let index = folder.appendingPathComponent(Self.index), single = folder.appendingPathComponent(Self.file)
        guard manager.fileExists(atPath: index.path) else {
            let old = ["pytorch_model.bin", "pytorch_model.bin.index.json"]
            if !manager.fileExists(atPath: single.path),
                let name = old.first(where: { manager.fileExists(atPath: folder.appendingPathComponent($0).path) })
            {
                throw TemperError(
                    .data, "the weights are in PyTorch's own format, which is not read",
                    hint: "load the model with transformers and save it again: that writes \(Self.file)",
                    place: folder.appendingPathComponent(name).path, boundary: .data)
            }
            return [try SafetensorsFile(contentsOf: single)]
        }
        let map = try JSONValue.parse(Data(contentsOf: index), named: index.path)["weight_map"]?.object ?? [:]
        func damaged(_ text: String) -> TemperError { TemperError(.data, text, place: index.path, boundary: .data) }
        let names = try Set(
            map.map { tensor, file in
                // A name that leaves the folder could map anything.
                guard let name = file.string, !name.isEmpty, !name.contains("/"), name != "..", name != "." else {
                    throw damaged("'weight_map' places tensor '\(tensor)' in no file of the folder")
                }
                return name
            })
        guard !names.isEmpty else { throw damaged("'weight_map' lists no file") }
        return try names.sorted().map { try SafetensorsFile(contentsOf: folder.appendingPathComponent($0)) }
    }

    /// A tensor that this shape does not have would change the results; only what is computed anyway is passed over, such as the
    /// `lm_head.weight` of a tied model, which ``requireTied(_:)`` compares.
    private static func requireNeedless(
        _ name: String, in file: SafetensorsFile, _ configuration: ModelConfiguration
    ) throws {
        if name.hasSuffix("rotary_emb.inv_freq") { return }
        if name == head, configuration.tiesEmbeddings { return }
        throw TemperError(
            .data, "tensor '\(name)' is not part of the model that config.json describes",
            hint: "use another engine for this model", place: file.place, boundary: .engine)
    }

    /// Writes one file, or shards and their index; the other form's files of an earlier save are removed.
    ///
    /// - Parameter contents: the bytes of a tensor, asked for one at a time.
    static func write(
        _ tensors: [SafetensorsFile.Tensor], maximumFileBytes: Int, to folder: URL,
        contents: (SafetensorsFile.Tensor) throws -> Data
    ) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let shards = split(tensors, maximumFileBytes: maximumFileBytes)
        var names: Set<String> = []
        var map: [String: JSONValue] = [:]
        for (number, shard) in shards.enumerated() {
            let name =
                shards.count == 1
                ? file : "model-\((number + 1).padded(5))-of-\(shards.count.padded(5)).safetensors"
            try SafetensorsFile.write(
                shard, metadata: ["format": "pt"], to: folder.appendingPathComponent(name), contents: contents)
            names.insert(name)
            for tensor in shard { map[tensor.name] = .string(name) }
        }
        if shards.count > 1 {
            let size = tensors.reduce(0) { $0 + $1.byteCount }
            let json: JSONValue = .object([
                "metadata": .object(["total_size": .number(Double(size))]), "weight_map": .object(map),
            ])
            let text = try JSONEncoder.stable(pretty: true).encode(json)
            try AtomicFile.write(to: folder.appendingPathComponent(index)) { try $0.write(contentsOf: text) }
            names.insert(index)
        }
        try removeOthers(names, in: folder)
    }

    /// The shards of the tensors in their order, each as full as it may be.
    private static func split(_ tensors: [SafetensorsFile.Tensor], maximumFileBytes: Int) -> [[SafetensorsFile.Tensor]] {
        var shards: [[SafetensorsFile.Tensor]] = [[]]
        var bytes = 0
        for tensor in tensors {
            if bytes + tensor.byteCount > maximumFileBytes, !shards[shards.count - 1].isEmpty {
                shards.append([])
                bytes = 0
            }
            shards[shards.count - 1].append(tensor)
            bytes += tensor.byteCount
        }
        return shards
    }

    /// The index is removed first: a reader that finds it would look for its shards.
    private static func removeOthers(_ names: Set<String>, in folder: URL) throws {
        let all = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let stale = all.filter { name in
            !names.contains(name)
                && (name == file || name == index || (name.hasPrefix("model-") && name.hasSuffix(".safetensors")))
        }
        for name in stale.sorted(by: { ($0 != index ? 1 : 0, $0) < ($1 != index ? 1 : 0, $1) }) {
            try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
        }
    }
}
