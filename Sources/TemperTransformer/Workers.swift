import CDNNL
import Foundation

/// Runs one piece of work per core and waits for all of them.
enum Workers {
    /// As many as the machine has cores.
    static var defaultCount: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

    // The closure runs on other threads only while `run` waits; each call touches what belongs to its own index.
    private struct Shared: @unchecked Sendable {
        let body: (Int) -> Void
    }

    /// Calls `body(0) … body(count - 1)`, each on a thread of its own as far as there are cores.
    ///
    /// - Parameter body: may write only to memory that belongs to its index.
    static func run(_ count: Int, _ body: (Int) -> Void) {
        if count == 1 {
            temper_products_use_one_thread()
            return body(0)
        }
        withoutActuallyEscaping(body) { body in
            let shared = Shared(body: body)
            DispatchQueue.concurrentPerform(iterations: count) { index in
                temper_products_use_one_thread()
                shared.body(index)
            }
        }
    }
}
