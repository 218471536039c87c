import Foundation
import TemperCore

/// A SentencePiece `tokenizer.model` (`sentencepiece_model.proto`): BPE and unigram models.
struct SentencePieceFile {
    /// `SentencePiece.Type`
    enum Kind: UInt64 {
        case normal = 1, unknown, control, userDefined, unused, byte
    }

    struct Piece {
        var text: [UInt8] = []
        var score: Float = 0
        var kind = Kind.normal
    }

    /// Something this module does not compute, or parts that contradict each other.
    struct Refusal: Error {
        var message: String
    }

    var pieces: [Piece] = []
    /// `TrainerSpec.ModelType`: 1 unigram, 2 BPE, 3 words, 4 characters.
    var modelType: UInt64 = 1
    var hasByteFallback = false
    var treatsSpaceAsSuffix = false
    var unknownSurface: [UInt8] = Array(" \u{2047} ".utf8)
    var begin: [UInt8] = Array("<s>".utf8)
    var normalizer = SentencePieceNormalizer()
    var characterMap: [UInt8] = []

    /// - Throws: ``TemperError`` with code `data` that names the file and what is wrong with it or not computed.
    static func read(_ data: Data, place: String) throws -> TokenizerContents {
        do {
            return try SentencePieceFile(data).contents()
        } catch let error as ProtobufReader.Failure {
            throw TemperError(
                .data, "this is not a SentencePiece model: \(error.reason), at byte \(error.offset)",
                hint: "is the file whole? A file of a few hundred bytes is often a pointer of git-lfs", place: place,
                boundary: .data)
        } catch let error as Refusal {
            throw TemperError(.data, error.message, place: place, boundary: .data)
        }
    }

    private init(_ data: Data) throws {
        try data.withUnsafeBytes { raw in
            let bytes = raw.bindMemory(to: UInt8.self)
            var reader = ProtobufReader(bytes)
            while let (field, value) = try reader.next() {
                guard case .bytes(let range) = value else { continue }
                switch field {
                case 1: pieces.append(try Self.piece(ProtobufReader(bytes, range), number: pieces.count))
                case 2: try readTrainer(ProtobufReader(bytes, range))
                case 3: try readNormalizer(ProtobufReader(bytes, range))
                case 5:
                    var other = ProtobufReader(bytes, range)
                    while let (field, value) = try other.next() {
                        if field == 2, case .bytes(let map) = value, !map.isEmpty {
                            throw Refusal(message: "the tokenizer's denormalizer_spec is not supported: it changes decoded text")
                        }
                    }
                default: break
                }
            }
        }
    }

    private static func piece(_ reader: ProtobufReader, number: Int) throws -> Piece {
        var reader = reader
        var piece = Piece()
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (1, .bytes(let range)): piece.text = Array(reader.bytes[range])
            case (2, .fixed32(let bits)): piece.score = Float(bitPattern: bits)
            case (3, .integer(let kind)):
                guard let kind = Kind(rawValue: kind) else {
                    throw Refusal(message: "the tokenizer is damaged: piece \(number) is of the unknown type \(kind)")
                }
                piece.kind = kind
            default: break
            }
        }
        guard !piece.text.isEmpty, String(validating: piece.text, as: UTF8.self) != nil, !piece.score.isNaN else {
            throw Refusal(message: "the tokenizer is damaged: piece \(number) has no text, or no score")
        }
        return piece
    }

    private mutating func readTrainer(_ reader: ProtobufReader) throws {
        var reader = reader
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (3, .integer(let type)): modelType = type
            case (24, .integer(let flag)): treatsSpaceAsSuffix = flag != 0
            case (35, .integer(let flag)): hasByteFallback = flag != 0
            case (44, .bytes(let range)): unknownSurface = Array(reader.bytes[range])
            case (46, .bytes(let range)): begin = Array(reader.bytes[range])
            default: break
            }
        }
    }

    private mutating func readNormalizer(_ reader: ProtobufReader) throws {
        var reader = reader
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (2, .bytes(let range)): characterMap = Array(reader.bytes[range])
            case (3, .integer(let flag)): normalizer.addsDummyPrefix = flag != 0
            case (4, .integer(let flag)): normalizer.removesExtraSpaces = flag != 0
            case (5, .integer(let flag)): normalizer.escapesSpaces = flag != 0
            default: break
            }
        }
    }
}
