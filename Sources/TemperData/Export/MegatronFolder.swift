package import Foundation
import TemperCore

/// Megatron-LM's indexed datasets: `train.bin` and `train.idx` hold token ids (int32), `train_mask.bin` and `train_mask.idx` the
/// loss mask of the same tokens (uint8, 1 is learnt), one document a sequence; `valid…` where there is a held-out part.
///
/// The ids are those of the run's tokenizer, with the chat template's text around every turn.
package struct MegatronFolder: ExportFormat {
    package let name = "megatron"
    package let summary = "Megatron-LM's .bin and .idx of tokens, with the loss mask beside them"
    package var isFolder: Bool { true }

    package func write(_ dataset: ExportSource, to url: URL, _ report: inout ExportReport) throws {
        for part in dataset.parts {
            let tokens = try dataset.tokens(part)
            let name = part == .train ? "train" : "valid"
            let lengths = (0..<tokens.documentCount).map { Int32(tokens.range(ofDocument: $0).count) }
            let ids = tokens.inputIDs.map(\.littleEndian).withUnsafeBytes { Data($0) }
            try AtomicFile.write(ids, to: url.appendingPathComponent(name + ".bin"))
            try AtomicFile.write(Self.index(lengths, type: 4, width: 4), to: url.appendingPathComponent(name + ".idx"))
            try AtomicFile.write(Data(tokens.mask), to: url.appendingPathComponent(name + "_mask.bin"))
            try AtomicFile.write(Self.index(lengths, type: 1, width: 1), to: url.appendingPathComponent(name + "_mask.idx"))
            report.documents += tokens.documentCount
            report.records += tokens.documentCount
        }
    }

    /// The index file (megatron/core/datasets/indexed_dataset.py): magic, version, type code, counts, then the length of each
    /// sequence, the byte where it begins, and the sequence each document begins with.
    ///
    /// - Parameters:
    ///   - type: 1 is uint8, 4 is int32.
    ///   - width: bytes of a value.
    static func index(_ lengths: [Int32], type: UInt8, width: Int) -> Data {
        var data = Data("MMIDIDX\0\0".utf8)
        func put(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) } }
        put(UInt64(1))
        put(type)
        put(UInt64(lengths.count))
        put(UInt64(lengths.count + 1))
        for length in lengths { put(length) }
        var offset = 0
        for length in lengths {
            put(Int64(offset))
            offset += Int(length) * width
        }
        for document in 0...lengths.count { put(Int64(document)) }
        return data
    }
}
