import Foundation
import TemperCore

/// Opens any bytes as a safetensors file and reads every tensor that the header promises.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSafetensors(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let data = start.map { Data(bytes: $0, count: count) } ?? Data()
    do {
        let file = try SafetensorsFile(data: data, place: "input")
        for tensor in file.tensors {
            let sum = try file.withBytes(of: tensor.name, shape: tensor.shape) { bytes in
                precondition(bytes.count == tensor.byteCount, "a tensor has other bytes than its shape needs")
                return bytes.reduce(0) { $0 &+ Int($1) }
            }
            precondition(sum >= 0)
            guard [.float32, .bfloat16, .float16].contains(tensor.type) else { continue }
            var values = [Float](repeating: 0, count: max(tensor.elementCount, 1))
            try values.withUnsafeMutableBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                try file.readFloats(tensor.name, shape: tensor.shape, into: base)
            }
        }
    } catch {
        precondition(error is TemperError, "an error that a person cannot read: \(error)")
        precondition(!TemperError.describe(error).isEmpty)
    }
    return 0
}
