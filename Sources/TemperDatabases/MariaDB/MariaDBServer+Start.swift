import Foundation
import TemperCore

extension MariaDBServer {
    /// The account that the server runs as when this process is root; MariaDB refuses to run as root.
    static func serverAccount() throws -> (name: String, user: uid_t, group: gid_t) {
        for name in ["mysql", "nobody"] {
            if let entry = getpwnam(name) { return (name, entry.pointee.pw_uid, entry.pointee.pw_gid) }
        }
        throw TemperError(.unavailable, "there is no user 'mysql' or 'nobody' to run MariaDB as", boundary: .environment)
    }

    /// A folder that only this user and the server's may enter, with what the server needs in it.
    static func makeFolder() throws -> String {
        // The path of a unix socket has at most 107 bytes.
        let standard = FileManager.default.temporaryDirectory.path
        let parent = standard.utf8.count < 60 ? standard : "/tmp"
        var template = Array("\(parent)/temper-mariadb-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw TemperError(
                .unavailable, "no folder for MariaDB can be made: \(String(cString: strerror(errno)))", place: parent,
                boundary: .environment)
        }
        let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        for name in ["data", "tmp", "files"] {
            guard mkdir("\(folder)/\(name)", 0o700) == 0 else {
                throw TemperError(.unavailable, "no folder can be made for MariaDB", place: folder, boundary: .environment)
            }
        }
        if geteuid() == 0 {
            let account = try serverAccount()
            for path in [folder, "\(folder)/data", "\(folder)/tmp", "\(folder)/files"]
            where chown(path, account.user, account.group) != 0 {
                throw TemperError(
                    .unavailable, "a folder cannot be given to '\(account.name)'", place: path, boundary: .environment)
            }
        }
        return folder
    }

    /// The newest line of the server's log, for messages.
    static func lastLine(of path: String) -> String {
        guard let bytes = FileManager.default.contents(atPath: path) else { return "it wrote no log" }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        return lines.last(where: { $0.contains("ERROR") || $0.contains("error") }).map(String.init) ?? lines.last.map(String.init)
            ?? "its log is empty"
    }
}
