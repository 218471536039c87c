import Foundation

/// What `/proc` of the host says about the processes below one.
package enum ProcessTree {
    package static func children(of process: Int32) -> [Int32] {
        guard let data = FileManager.default.contents(atPath: "/proc/\(process)/task/\(process)/children") else { return [] }
        return String(decoding: data, as: UTF8.self).split(separator: " ").compactMap { Int32($0) }
    }

    /// Bytes of memory that all processes below one hold, and how many files they have open; what is shared counts once for each.
    package static func holdings(below process: Int32) -> (memory: Int, files: Int) {
        var total = 0
        var files = 0
        var waiting = children(of: process)
        while let next = waiting.popLast() {
            waiting += children(of: next)
            do {
                files += try FileManager.default.contentsOfDirectory(atPath: "/proc/\(next)/fd").count
            } catch { continue }  // it has ended meanwhile
            guard let data = FileManager.default.contents(atPath: "/proc/\(next)/statm") else { continue }
            let pages = String(decoding: data, as: UTF8.self).split(separator: " ").dropFirst().first.flatMap { Int($0) }
            total += (pages ?? 0) * pageSize
        }
        return (total, files)
    }

    /// How many processes there are below one.
    package static func count(below process: Int32) -> Int {
        children(of: process).reduce(0) { $0 + 1 + count(below: $1) }
    }

    private static let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))
}
