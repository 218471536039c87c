import Foundation
import Synchronization
import TemperCore
import TemperSandbox

/// A MariaDB server of this run alone: started on first use in a temporary folder, reached only by a unix socket, gone with the run.
///
/// A small shell script starts it and waits on a pipe from this process. When the pipe closes, because the server is released or
/// because this process ended in whatever way, the script kills the server and removes the folder. Neither systemd nor a password
/// is involved: the socket lies in a folder that only this user (and `mysql`, when running as root) may enter.
package final class MariaDBServer: Sendable {
    static let options = [
        "--skip-networking", "--skip-log-bin", "--skip-name-resolve", "--local-infile=0", "--symbolic-links=0",
        "--event-scheduler=OFF",
        "--performance-schema=OFF", "--character-set-server=utf8mb4", "--collation-server=utf8mb4_general_ci",
        "--max-connections=500", "--max-allowed-packet=1M", "--max-session-mem-used=128M", "--tmp-table-size=16M",
        "--max-heap-table-size=16M", "--innodb-buffer-pool-size=64M", "--innodb-log-file-size=16M",
        "--innodb-flush-log-at-trx-commit=0", "--innodb-flush-method=nosync", "--loose-debug-no-sync=1",
        "--enforce-storage-engine=InnoDB",
    ]
    /// Seconds until a server that was just set up must answer.
    private static let startLimit = Duration.seconds(90)

    private struct State {
        var child: Child?
        var databases = 0
    }

    private struct Child {
        var process: ChildProcess
        var folder: String
        var socket: String { folder + "/socket" }
    }

    private struct Shared {
        weak var server: MariaDBServer?
    }

    private static let current = Mutex(Shared())
    private let state = Mutex(State())

    /// The server that is in use, or a new one: suites that exist at the same time share it.
    package static func shared() -> MariaDBServer {
        current.withLock { shared in
            if let server = shared.server { return server }
            let server = MariaDBServer()
            shared.server = server
            return server
        }
    }

    deinit { stop() }

    /// A new database with the tables, and the user that a policy's statements run as.
    ///
    /// - Throws: ``TemperError`` with code `unavailable` when MariaDB is not installed or does not start.
    package func open(_ tables: [DatabaseTable], timeLimit: Duration) throws -> MariaDBDatabase {
        let (socket, number) = try state.withLock { state in
            let socket = try running(&state)
            state.databases += 1
            return (socket, state.databases)
        }
        return try MariaDBDatabase(server: self, socket: socket, name: "episode\(number)", tables: tables, timeLimit: timeLimit)
    }

    /// Where the server's files lie while it runs.
    var folder: String? { state.withLock { $0.child?.folder } }

    /// Ends the server and removes its folder; it starts again when it is needed again.
    func stop() { state.withLock { Self.end(&$0) } }

    /// The socket, after starting the server where it does not answer.
    private func running(_ state: inout State) throws -> String {
        if let child = state.child {
            if Self.answers(child.socket) { return child.socket }
            Self.end(&state)
        }
        let child = try Self.start()
        state.child = child
        let deadline = ContinuousClock.now + Self.startLimit
        while !Self.answers(child.socket) {
            guard child.process.status == nil, ContinuousClock.now < deadline else {
                let log = Self.lastLine(of: child.folder + "/log")
                Self.end(&state)
                throw TemperError(.unavailable, "MariaDB does not start: \(log)", boundary: .environment)
            }
            usleep(20_000)
        }
        return child.socket
    }

    private static func answers(_ socket: String) -> Bool {
        guard FileManager.default.fileExists(atPath: socket) else { return false }
        do {
            _ = try MariaDBConnection(socket: socket, user: "root", database: "", deadline: .now + .seconds(5))
            return true
        } catch {
            return false
        }
    }

    /// Waits for the script on standard input; `$1` is the folder, `$2` what sets it up, the rest is the server.
    private static let script = """
        trap '' INT TERM HUP XFSZ
        folder=$1
        setup=$2
        shift 2
        sh -c "$setup" >"$folder/log" 2>&1 </dev/null && { "$@" >>"$folder/log" 2>&1 </dev/null & server=$!; }
        [ -n "$server" ] && { read -r _; kill -9 "$server"; wait "$server"; }
        code=$?
        [ -n "$server" ] && rm -rf "$folder"
        exit $code
        """

    private static func start() throws -> Child {
        guard let server = find(["mariadbd", "mysqld"]), let installer = find(["mariadb-install-db", "mysql_install_db"]) else {
            throw TemperError(
                .unavailable, "MariaDB is not installed",
                hint: "apt-get install --no-install-recommends mariadb-server, or leave out suites.db.server",
                boundary: .environment)
        }
        let folder = try makeFolder()
        let user = geteuid() == 0 ? ["--user=\(try serverAccount().name)"] : []
        let common = ["--no-defaults", "--datadir=\(folder)/data"] + user
        let setup =
            [installer] + common
            + ["--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve", "--innodb-log-file-size=16M"]
        let quoted = setup.map { "'" + $0.replacing("'", with: "'\\''") + "'" }.joined(separator: " ")
        let command =
            [server] + common + options
            + [
                "--socket=\(folder)/socket", "--pid-file=\(folder)/pid", "--tmpdir=\(folder)/tmp",
                "--secure-file-priv=\(folder)/files",
            ]
        // 512 MiB, in units of 512 bytes: no file of the server grows beyond it. 4 GiB of memory: a statement may lift the limits of
        // its own session (SET STATEMENT … FOR), but not that of the process.
        let limited = "ulimit -f 1048576\nulimit -v 4194304\n" + script
        let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin", "LC_ALL": "C", "HOME": folder]
        let process = try ChildProcess(
            ["/bin/sh", "-c", limited, "temper-mariadb", folder, quoted] + command, environment: environment, errors: .dropped)
        return Child(process: process, folder: folder)
    }

    private static func end(_ state: inout State) {
        guard let child = state.child else { return }
        state.child = nil
        child.process.closeInput()
        let deadline = ContinuousClock.now + .seconds(30)
        while child.process.status == nil, ContinuousClock.now < deadline { usleep(5_000) }
        child.process.signal(SIGKILL)
        // The script has removed the folder, unless the server never started.
        _ = remove(child.folder)
    }

    private static func remove(_ folder: String) -> Bool {
        do {
            try FileManager.default.removeItem(atPath: folder)
            return true
        } catch {
            return false
        }
    }

    private static func find(_ names: [String]) -> String? {
        let path =
            (ProcessInfo.processInfo.environment["PATH"] ?? "") + ":/usr/sbin:/usr/local/sbin:/usr/local/mysql/bin:/usr/bin"
        for name in names {
            for folder in path.split(separator: ":") where access("\(folder)/\(name)", X_OK) == 0 { return "\(folder)/\(name)" }
        }
        return nil
    }

    /// Whether the programs are installed.
    package static var isInstalled: Bool {
        find(["mariadbd", "mysqld"]) != nil && find(["mariadb-install-db", "mysql_install_db"]) != nil
    }
}
