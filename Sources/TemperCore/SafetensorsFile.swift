package import Foundation

/// Reads and writes the safetensors format: 8 bytes of header length, a JSON header, then the tensors' bytes.
///
/// Format: <https://github.com/huggingface/safetensors#format>. The reader checks every offset and size before it hands out
/// a byte; a file is mapped, not copied.
package struct SafetensorsFile: Sendable {
    /// The element types that Temper reads and writes.
    package enum ElementType: String, Sendable, CaseIterable {
        case float32 = "F32"
        case bfloat16 = "BF16"
        case float16 = "F16"
        case int32 = "I32"
        case int64 = "I64"
        case uint8 = "U8"

        package var byteCount: Int {
            switch self {
            case .int64: return 8
            case .float32, .int32: return 4
            case .bfloat16, .float16: return 2
            case .uint8: return 1
            }
        }
    }

    /// One tensor's place in a file.
    package struct Tensor: Sendable, Hashable {
        package var name: String
        package var type: ElementType
        /// Row-major.
        package var shape: [Int]

        package init(name: String, type: ElementType, shape: [Int]) {
            self.name = name
            self.type = type
            self.shape = shape
        }

        package var elementCount: Int { shape.reduce(1, *) }
        package var byteCount: Int { elementCount * type.byteCount }
    }

    /// Where it was read from, for messages.
    package let place: String
    /// Free text from the header's `__metadata__`.
    package let metadata: [String: String]
    /// The tensors in order of name.
    package let tensors: [Tensor]
    private let byName: [String: Tensor]
    private let data: Data
    private let ranges: [String: Range<Int>]

    private static let largestHeader = 100_000_000

    /// Opens a file and checks its header.
    ///
    /// - Throws: ``TemperError`` with code `data` that names the file and what is wrong with it, `unavailable` when it
    ///   cannot be read.
    package init(contentsOf url: URL) throws {
        let place = url.path
        let data: Data
        do {
            // `mappedIfSafe` reads the whole file on Linux.
            data = try Data(contentsOf: url, options: .alwaysMapped)
        } catch {
            throw TemperError(
                .unavailable, "the file cannot be read: \(error.localizedDescription)", place: place, boundary: .data,
                cause: error)
        }
        try self.init(data: data, place: place)
    }

    /// Checks the header of a file's bytes.
    ///
    /// - Parameter place: what messages call it.
    /// - Throws: ``TemperError`` with code `data`.
    package init(data: Data, place: String) throws {
        func damaged(_ text: String) -> TemperError { TemperError(.data, text, place: place, boundary: .data) }
        guard data.count >= 8 else { throw damaged("the file is too short for a safetensors header") }
        let headerLength = data.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
        guard headerLength <= UInt64(min(Self.largestHeader, data.count - 8)) else {
            throw damaged("the safetensors header claims \(headerLength) bytes, the file has \(data.count)")
        }
        let body = 8 + Int(headerLength)
        let header = try JSONValue.parse(Data(data.dropFirst(8).prefix(Int(headerLength))), named: place)
        guard let fields = header.object else { throw damaged("the safetensors header is not a JSON object") }

        var metadata: [String: String] = [:]
        var tensors: [Tensor] = []
        var ranges: [String: Range<Int>] = [:]
        for (name, entry) in fields {
            if name == "__metadata__" {
                metadata = (entry.object ?? [:]).compactMapValues(\.string)
                continue
            }
            guard let code = entry["dtype"]?.string, let type = ElementType(rawValue: code) else {
                throw damaged("tensor '\(name)' has the unsupported dtype '\(entry["dtype"]?.string ?? "none")'")
            }
            guard let shape = Self.counts(entry["shape"]), let offsets = Self.counts(entry["data_offsets"]), offsets.count == 2
            else { throw damaged("tensor '\(name)' has no valid shape and data_offsets") }
            guard offsets[0] <= offsets[1], offsets[1] <= data.count - body else {
                throw damaged(
                    "tensor '\(name)' lies at bytes \(offsets[0])..<\(offsets[1]), but the file has \(data.count - body) of them"
                )
            }
            var bytes = type.byteCount
            for count in shape {
                let product = bytes.multipliedReportingOverflow(by: count)
                guard !product.overflow else { throw damaged("tensor '\(name)' has the impossible shape \(shape)") }
                bytes = product.partialValue
            }
            guard bytes == offsets[1] - offsets[0] else {
                throw damaged("tensor '\(name)' of shape \(shape) needs \(bytes) bytes and has \(offsets[1] - offsets[0])")
            }
            tensors.append(Tensor(name: name, type: type, shape: shape))
            ranges[name] = body + offsets[0]..<body + offsets[1]
        }
        var end = body
        for (name, range) in ranges.sorted(by: {
            ($0.value.lowerBound, $0.value.upperBound) < ($1.value.lowerBound, $1.value.upperBound)
        }) {
            guard range.lowerBound >= end else { throw damaged("tensor '\(name)' overlaps the one before it") }
            guard range.lowerBound == end else {
                throw damaged("the \(range.lowerBound - end) bytes before tensor '\(name)' belong to no tensor")
            }
            end = range.upperBound
        }
        guard end == data.count else { throw damaged("the last \(data.count - end) bytes belong to no tensor") }
        self.place = place
        self.metadata = metadata
        self.tensors = tensors.sorted { $0.name < $1.name }
        byName = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0) })
        self.data = data
        self.ranges = ranges
    }

    private static func counts(_ value: JSONValue?) -> [Int]? {
        guard let items = value?.array else { return nil }
        let counts = items.compactMap { $0.number }.filter { $0 >= 0 && $0 < 0x1p53 && $0 == $0.rounded() }.map { Int($0) }
        return counts.count == items.count ? counts : nil
    }

    package func tensor(_ name: String) -> Tensor? { byName[name] }

    /// Hands a tensor's bytes to `body`; they may be unaligned.
    ///
    /// - Throws: ``TemperError`` with code `data` when it is missing, of another type or of another shape.
    package func withBytes<Result>(
        of name: String, type: ElementType? = nil, shape: [Int]? = nil, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        guard let range = ranges[name], let tensor = tensor(name) else {
            throw TemperError(.data, "tensor '\(name)' is missing", place: place, boundary: .data)
        }
        if let type, tensor.type != type {
            throw TemperError(
                .data, "tensor '\(name)' has dtype \(tensor.type.rawValue), expected \(type.rawValue)", place: place,
                boundary: .data)
        }
        if let shape, tensor.shape != shape {
            throw TemperError(
                .data, "tensor '\(name)' has shape \(tensor.shape), expected \(shape)", place: place, boundary: .data)
        }
        return try data.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }

    /// A tensor of numbers of one type.
    package func array<Element: BitwiseCopyable>(
        _ name: String, of element: Element.Type, type: ElementType, shape: [Int]? = nil
    ) throws -> [Element] {
        try withBytes(of: name, type: type, shape: shape) { bytes in
            let count = bytes.count / MemoryLayout<Element>.stride
            return [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
                UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
                initialized = count
            }
        }
    }

    /// Writes an F32, BF16 or F16 tensor as fp32 to `target`, which holds as many elements.
    ///
    /// - Parameter elements: a part of them; all when nil.
    package func readFloats(
        _ name: String, shape: [Int], elements: Range<Int>? = nil, into target: UnsafeMutablePointer<Float>
    ) throws {
        let type = tensor(name)?.type
        try withBytes(of: name, shape: shape) { whole in
            let size = type?.byteCount ?? 1
            let bytes = UnsafeRawBufferPointer(
                rebasing: elements.map { whole[$0.lowerBound * size..<$0.upperBound * size] } ?? whole[...])
            switch type {
            case .float32:
                UnsafeMutableRawPointer(target).copyMemory(
                    from: bytes.baseAddress ?? UnsafeRawPointer(target), byteCount: bytes.count)
            case .bfloat16:
                for index in 0..<bytes.count / 2 {
                    let bits = UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
                    target[index] = Float(bitPattern: UInt32(bits) << 16)
                }
            case .float16:
                for index in 0..<bytes.count / 2 {
                    let bits = UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
                    target[index] = Self.float(half: bits)
                }
            default:
                throw TemperError(
                    .data, "tensor '\(name)' has dtype \(type?.rawValue ?? "none"), expected a floating-point one", place: place,
                    boundary: .data)
            }
        }
    }

    /// IEEE 754 half precision, without relying on a type that not every platform has.
    static func float(half bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) << 16, magnitude = UInt32(bits & 0x7FFF) << 13
        // The exponent's bias differs by 112, which a product with 2^112 corrects for subnormal numbers as well.
        let value = Float(bitPattern: magnitude) * 0x1p112
        let finite = Float(bitPattern: value.bitPattern | sign)
        return magnitude < 0x0F80_0000 ? finite : Float(bitPattern: sign | 0x7F80_0000 | magnitude & 0x007F_E000)
    }

    /// Writes a file beside `url` and renames it, so that no reader ever sees half of it.
    ///
    /// The same tensors give the same bytes: they are ordered by element size, then by name.
    ///
    /// - Parameter contents: the bytes of a tensor, asked for one at a time in file order.
    /// - Throws: ``TemperError`` with code `unavailable` when the disk refuses.
    package static func write(
        _ tensors: [Tensor], metadata: [String: String] = [:], to url: URL, contents: (Tensor) throws -> Data
    ) throws {
        let ordered = tensors.sorted { ($1.type.byteCount, $0.name) < ($0.type.byteCount, $1.name) }
        var fields: [String: JSONValue] = [:]
        if !metadata.isEmpty { fields["__metadata__"] = .object(metadata.mapValues { .string($0) }) }
        var offset = 0
        for tensor in ordered {
            fields[tensor.name] = .object([
                "dtype": .string(tensor.type.rawValue), "shape": .array(tensor.shape.map { .number(Double($0)) }),
                "data_offsets": .array([.number(Double(offset)), .number(Double(offset + tensor.byteCount))]),
            ])
            offset += tensor.byteCount
        }
        var header = try JSONEncoder.stable().encode(JSONValue.object(fields))
        while header.count % 8 != 0 { header.append(0x20) }
        var length = UInt64(header.count).littleEndian
        let prefix = Data(bytes: &length, count: 8)
        try AtomicFile.write(to: url) { handle in
            try handle.write(contentsOf: prefix)
            try handle.write(contentsOf: header)
            for tensor in ordered {
                let bytes = try contents(tensor)
                precondition(bytes.count == tensor.byteCount, "tensor '\(tensor.name)' was given \(bytes.count) bytes")
                try handle.write(contentsOf: bytes)
            }
        }
    }
}
