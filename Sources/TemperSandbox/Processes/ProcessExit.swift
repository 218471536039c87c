import Foundation
import Synchronization

/// Waits for one child on a small thread: kills what is left of its group, reaps it, and reports it through a descriptor.
package final class ProcessExit: Sendable {
    package let identifier: Int32
    /// Hangs up when the child has been reaped.
    package let descriptor: Int32
    private let status = Mutex<ChildProcess.Status?>(nil)

    package init(of identifier: Int32) throws {
        let pipe = try Pipe.make()
        self.identifier = identifier
        descriptor = pipe.read
        let thread = Thread { [self] in
            awaitEnd()
            close(pipe.write)
        }
        thread.stackSize = 1 << 17
        thread.name = "temper child \(identifier)"
        thread.start()
    }

    deinit { close(descriptor) }

    package var current: ChildProcess.Status? { status.withLock { $0 } }

    /// Sends a signal to the whole group, unless the child has been reaped (its number may then belong to another process).
    package func signal(_ number: Int32) {
        status.withLock { status in
            guard status == nil else { return }
            kill(-identifier, number)
        }
    }

    private func awaitEnd() {
        var information = siginfo_t()
        // The child stays a zombie here, so that its number and its group's are not given to others before the kill.
        while waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        status.withLock { status in
            kill(-identifier, SIGKILL)
            var word: Int32 = 0
            while waitpid(identifier, &word, 0) < 0, errno == EINTR {}
            status = word & 0x7f == 0 ? .exited((word >> 8) & 0xff) : .signalled(word & 0x7f)
        }
    }
}
