import Foundation
import TemperCore

/// A connection to a MariaDB or MySQL server over its unix socket: the text protocol (version 10), as one user without a password.
///
/// Written out here because the little that is needed (log in, query, read rows) is shorter than a binding to the client library,
/// needs nothing installed, and can be held to a deadline. It never sends a local file, whatever the server asks for.
final class MariaDBConnection {
    /// The server's complaint about a statement.
    struct Complaint: Error {
        var text: String
    }

    /// The connection cannot be used any more.
    enum Lost: Error {
        /// The server closed it, or there is none.
        case ended
        /// The deadline has passed.
        case timedOut
        /// The caller's watch stopped it.
        case stopped
    }

    /// The longest packet that is read; the protocol's own is 16 MiB.
    private static let maximumPacket = 1 << 24

    /// The server's number for this connection.
    private(set) var identifier: UInt32 = 0
    private let descriptor: Int32
    private var deadline = ContinuousClock.now
    private var mustStop: (() -> Bool)?
    private var sequence: UInt8 = 0
    private var buffer: [UInt8] = []
    private var start = 0

    /// Connects and logs in.
    ///
    /// - Parameter database: the database to use; the empty text for none.
    /// - Throws: ``Lost`` or ``Complaint``.
    init(socket path: String, user: String, database: String, deadline: ContinuousClock.Instant) throws {
        descriptor = socket(AF_UNIX, Self.socketType, 0)
        guard descriptor >= 0 else { throw Lost.ended }
        self.deadline = deadline
        do {
            try connect(to: path)
            try logIn(user, database)
        } catch {
            closeDescriptor(descriptor)
            throw error
        }
    }

    deinit { closeDescriptor(descriptor) }

    /// Carries out one statement.
    ///
    /// - Parameter mustStop: asked every few milliseconds while the server is at work.
    /// - Returns: the rows that fit the limit, and whether these are all; none for a statement without a result.
    /// - Throws: ``Complaint`` when the server refuses, else ``Lost``.
    func query(
        _ statement: String, limit: ResultLimit, deadline: ContinuousClock.Instant, mustStop: (() -> Bool)? = nil
    ) throws -> ([[PythonValue]], Bool) {
        (self.deadline, self.mustStop) = (deadline, mustStop)
        sequence = 0
        try send([0x03] + Array(statement.utf8))
        var head = MariaDBPacket(try receive())
        switch head.bytes.first {
        case 0x00: return ([], true)
        case 0xFF: throw Complaint(text: head.complaint)
        case 0xFB: throw Lost.ended  // the server asks for a file of this machine
        default: break
        }
        let columns = try (0..<head.length()).map { _ in MariaDBPacket(try receive()).column }
        _ = try receive()
        var rows: [[PythonValue]] = []
        var bytes = 0
        var isWhole = true
        while true {
            var packet = MariaDBPacket(try receive())
            if packet.bytes.first == 0xFE, packet.bytes.count < 9 { return (rows, isWhole) }
            if packet.bytes.first == 0xFF { throw Complaint(text: packet.complaint) }
            guard rows.count < limit.rows, bytes <= limit.bytes else {
                isWhole = false
                continue
            }
            bytes += packet.bytes.count
            rows.append(columns.map { packet.cell($0) })
        }
    }

    #if os(Linux)
        private static let socketType = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        /// A write to a server that is gone is an error, not a signal.
        private static let sendFlags = Int32(MSG_NOSIGNAL)
    #else
        private static let socketType = SOCK_STREAM
        private static let sendFlags: Int32 = 0
    #endif

    private func connect(to path: String) throws {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let isShort = withUnsafeMutableBytes(of: &address.sun_path) { target -> Bool in
            guard path.utf8.count < target.count else { return false }
            target.copyBytes(from: path.utf8)
            return true
        }
        guard isShort else { throw Lost.ended }
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connectDescriptor(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard code == 0 else { throw Lost.ended }
    }

    private func logIn(_ user: String, _ database: String) throws {
        let greeting = try receive()
        if greeting.first == 0xFF { throw Complaint(text: MariaDBPacket(greeting).complaint) }
        // Protocol version, the server's version as text, then the number of the connection.
        if let end = greeting.dropFirst().firstIndex(of: 0), end + 4 < greeting.count {
            identifier = (0..<4).reduce(0) { $0 | UInt32(greeting[end + 1 + $1]) << (8 * UInt32($1)) }
        }
        // Long password, connect with database, protocol 4.1, transactions, secure connection, named plugins: no local files, no
        // several statements at once.
        let capabilities: UInt32 = 0x1 | (database.isEmpty ? 0 : 0x8) | 0x200 | 0x2000 | 0x8000 | 0x8_0000
        let utf8mb4: UInt8 = 45
        var reply = MariaDBPacket.littleEndian(capabilities) + MariaDBPacket.littleEndian(UInt32(Self.maximumPacket)) + [utf8mb4]
        reply += [UInt8](repeating: 0, count: 23) + Array(user.utf8) + [0, 0]
        if !database.isEmpty { reply += Array(database.utf8) + [0] }
        reply += Array("mysql_native_password".utf8) + [0]
        try send(reply)
        var answer = try receive()
        if answer.first == 0xFE {
            // The server wants another plugin: an empty password is an empty reply in all of them.
            try send([])
            answer = try receive()
        }
        guard answer.first == 0x00 else { throw Complaint(text: MariaDBPacket(answer).complaint) }
    }

    private func send(_ payload: [UInt8]) throws {
        guard payload.count < 0xFF_FFFF else { throw Complaint(text: "the statement is too long") }
        var bytes = Array(MariaDBPacket.littleEndian(UInt32(payload.count)).prefix(3)) + [sequence] + payload
        sequence &+= 1
        while !bytes.isEmpty {
            try wait(for: Int16(POLLOUT))
            let count = Foundation.send(descriptor, bytes, bytes.count, Self.sendFlags)
            guard count > 0 else { throw Lost.ended }
            bytes.removeFirst(count)
        }
    }

    private func receive() throws -> [UInt8] {
        let head = try take(4)
        let count = Int(head[0]) | Int(head[1]) << 8 | Int(head[2]) << 16
        sequence = head[3] &+ 1
        guard count < 0xFF_FFFF else { throw Lost.ended }
        return try take(count)
    }

    private func take(_ count: Int) throws -> [UInt8] {
        while buffer.count - start < count {
            if start > 0 {
                buffer.removeFirst(start)
                start = 0
            }
            try wait(for: Int16(POLLIN))
            var chunk = [UInt8](repeating: 0, count: 1 << 16)
            let read = recv(descriptor, &chunk, chunk.count, 0)
            guard read > 0 else { throw Lost.ended }
            buffer += chunk[..<read]
        }
        defer { start += count }
        return Array(buffer[start..<start + count])
    }

    private func wait(for event: Int16) throws {
        while true {
            let left = (deadline - .now) / .milliseconds(1)
            guard left > 0 else { throw Lost.timedOut }
            var poll = pollfd(fd: descriptor, events: event, revents: 0)
            if Foundation.poll(&poll, 1, Int32(min(left, 30)) + 1) > 0 { return }
            if let mustStop, mustStop() { throw Lost.stopped }
        }
    }
}

/// `close` and `connect` of the C library, whose names methods hide inside a class.
func closeDescriptor(_ descriptor: Int32) { _ = close(descriptor) }
private func connectDescriptor(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> Int32 {
    connect(descriptor, address, length)
}
