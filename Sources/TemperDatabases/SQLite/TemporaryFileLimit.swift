import CSQLite
import Foundation
import Synchronization

/// Bounds what the statements of one SQLite connection may write to temporary files, which is where SQLite puts sorters, inner
/// results and the queues of recursive queries once they outgrow a small cache.
///
/// It is a file layer (`sqlite3_vfs`) that hands everything to SQLite's own and counts the writes to files without a name. So a
/// statement is stopped by what it takes itself, whatever other statements of the process do at the same time.
final class TemporaryFileLimit {
    /// The name to open a database with.
    let name: String
    private let limit: Int64
    private var written: Int64 = 0
    private let layer: UnsafeMutablePointer<sqlite3_vfs>
    private let layerName: UnsafeMutablePointer<CChar>?

    /// What follows SQLite's own file object in memory.
    private struct Tail {
        var owner: UnsafeMutableRawPointer
        var methods: UnsafePointer<sqlite3_io_methods>
        var size: Int64
    }

    private static let counter = Mutex(0)
    /// Copies of SQLite's file methods with another `xWrite`, by the address of the original. They are never freed.
    private static let copies = Mutex<[UInt: UInt]>([:])

    /// - Returns: nil when SQLite has no file layer, which only a special build lacks.
    init?(bytes: Int64) {
        guard let standard = sqlite3_vfs_find(nil) else { return nil }
        limit = bytes
        let number = Self.counter.withLock { counter in
            counter += 1
            return counter
        }
        name = "temper-\(number)"
        layerName = strdup(name)
        layer = .allocate(capacity: 1)
        layer.initialize(to: standard.pointee)
        layer.pointee.zName = UnsafePointer(layerName)
        layer.pointee.pNext = nil
        layer.pointee.szOsFile = Self.tailOffset(standard) + Int32(MemoryLayout<Tail>.size)
        layer.pointee.pAppData = Unmanaged.passUnretained(self).toOpaque()
        layer.pointee.xOpen = { layer, path, file, flags, outFlags in
            guard let standard = sqlite3_vfs_find(nil), let file, let owner = layer?.pointee.pAppData else {
                return SQLITE_CANTOPEN
            }
            let code = standard.pointee.xOpen(standard, path, file, flags, outFlags)
            guard code == SQLITE_OK, path == nil, let methods = file.pointee.pMethods else { return code }
            TemporaryFileLimit.tail(of: file, standard).initialize(to: Tail(owner: owner, methods: methods, size: 0))
            file.pointee.pMethods = TemporaryFileLimit.counting(methods)
            return code
        }
        sqlite3_vfs_register(layer, 0)
    }

    /// Only after the connection is closed.
    deinit {
        sqlite3_vfs_unregister(layer)
        layer.deallocate()
        free(layerName)
    }

    /// A new statement: what the ones before wrote is gone.
    func start() { written = 0 }

    private static func tailOffset(_ standard: UnsafeMutablePointer<sqlite3_vfs>) -> Int32 {
        (standard.pointee.szOsFile + 15) / 16 * 16
    }

    private static func tail(
        of file: UnsafeMutablePointer<sqlite3_file>, _ standard: UnsafeMutablePointer<sqlite3_vfs>
    ) -> UnsafeMutablePointer<Tail> {
        UnsafeMutableRawPointer(file).advanced(by: Int(tailOffset(standard))).assumingMemoryBound(to: Tail.self)
    }

    private static func counting(_ methods: UnsafePointer<sqlite3_io_methods>) -> UnsafePointer<sqlite3_io_methods>? {
        let address = copies.withLock { copies -> UInt in
            let key = UInt(bitPattern: methods)
            if let known = copies[key] { return known }
            let copy = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
            copy.initialize(to: methods.pointee)
            copy.pointee.xWrite = { file, bytes, count, offset in
                guard let file, let standard = sqlite3_vfs_find(nil) else { return SQLITE_IOERR }
                let tail = TemporaryFileLimit.tail(of: file, standard)
                let growth = offset + Int64(count) - tail.pointee.size
                if growth > 0 {
                    let owner = Unmanaged<TemporaryFileLimit>.fromOpaque(tail.pointee.owner).takeUnretainedValue()
                    guard owner.written + growth <= owner.limit else { return SQLITE_FULL }
                    owner.written += growth
                    tail.pointee.size += growth
                }
                return tail.pointee.methods.pointee.xWrite(file, bytes, count, offset)
            }
            copies[key] = UInt(bitPattern: copy)
            return UInt(bitPattern: copy)
        }
        return UnsafePointer(bitPattern: address)
    }
}
