import CTemperProcess
import Foundation
import TemperCore

/// Pipes whose ends no child inherits by accident.
package enum Pipe {
    /// - Throws: ``TemperError`` (unavailable) when this process has no descriptors left.
    package static func make() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        let code = temper_pipe(&ends)
        guard code == 0 else {
            throw TemperError(
                .unavailable, "cannot make a pipe: \(String(cString: strerror(code)))",
                hint: "lower the concurrency or raise the limit of open files (ulimit -n)", boundary: .environment)
        }
        return (ends[0], ends[1])
    }

    package static func makeNonBlocking(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }

    /// What a read of a non-blocking descriptor gave.
    package enum Reading {
        case bytes([UInt8])
        case nothingYet
        case end
    }

    package static func read(_ descriptor: Int32, limit: Int) -> Reading {
        while true {
            var count = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, initialized in
                count = Foundation.read(descriptor, buffer.baseAddress, limit)
                initialized = max(0, count)
            }
            if count > 0 { return .bytes(bytes) }
            if count == 0 { return .end }
            if errno == EAGAIN { return .nothingYet }
            if errno != EINTR { return .end }
        }
    }

    package static func discard(_ descriptor: Int32) {
        while case .bytes = read(descriptor, limit: 4096) {}
    }
}
