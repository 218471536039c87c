import CTemperProcess
import Foundation

/// What a program finds when it is started in namespaces of its own: files, mounts and limits, in memory that C reads.
package final class NamespacePlan: @unchecked Sendable {  // filled in init, only read after
    package enum Step {
        case folder(String, mode: UInt32 = 0o755)
        case file(String, String, mode: UInt32 = 0o644)
        case link(String, to: String)
        case copy(of: String, String)
        case mount(String, type: String, options: String)
    }

    /// Limits of each process (`setrlimit`), which root cannot raise inside a user namespace.
    package enum Limit {
        /// Bytes of address space.
        case memory(Int)
        /// Seconds of processor time.
        case processor(Int)
        /// Processes and threads of one user in the namespace.
        case processes(Int)
        /// Bytes of one file.
        case file(Int)
        case openFiles(Int)
    }

    private let steps: UnsafeMutableBufferPointer<temper_step>
    private let limits: UnsafeMutableBufferPointer<temper_limit>

    package init(steps: [Step], limits: [Limit]) {
        self.steps = .allocate(capacity: steps.count)
        _ = self.steps.initialize(from: steps.map(Self.record))
        self.limits = .allocate(capacity: limits.count + 1)
        _ = self.limits.initialize(from: limits.map(Self.record) + [temper_limit(resource: temper_limit_core, value: 0)])
    }

    deinit {
        for step in steps { for text in [step.target, step.text, step.type] { free(UnsafeMutablePointer(mutating: text)) } }
        steps.deallocate()
        limits.deallocate()
    }

    /// Calls C with a structure that lives that long.
    func withNamespaces(_ place: Place, _ body: (UnsafeMutablePointer<temper_namespaces>) -> Int32) -> Int32 {
        var namespaces = temper_namespaces()
        namespaces.identity = place.identity
        namespaces.user = place.user
        namespaces.mount = place.mount
        namespaces.creator = place.creator
        namespaces.steps = UnsafePointer(steps.baseAddress)
        namespaces.step_count = Int32(steps.count)
        namespaces.limits = UnsafePointer(limits.baseAddress)
        namespaces.limit_count = Int32(limits.count)
        return body(&namespaces)
    }

    /// The program's user and the namespaces it joins; -1 where a new one is made.
    package struct Place: Sendable {
        package var identity: UInt32 = 0
        package var user: Int32 = -1
        package var mount: Int32 = -1
        /// With a user namespace of many users: the user in it who makes the sandbox's own.
        package var creator: UInt32 = 0

        package init(identity: UInt32 = 0, user: Int32 = -1, mount: Int32 = -1, creator: UInt32 = 0) {
            self.identity = identity
            self.user = user
            self.mount = mount
            self.creator = creator
        }
    }

    private static func record(_ step: Step) -> temper_step {
        switch step {
        case .folder(let path, let mode):
            return temper_step(kind: Int32(TEMPER_FOLDER), target: copy(path), text: nil, type: nil, mode: mode)
        case .file(let path, let text, let mode):
            return temper_step(kind: Int32(TEMPER_FILE), target: copy(path), text: copy(text), type: nil, mode: mode)
        case .link(let path, let destination):
            return temper_step(kind: Int32(TEMPER_LINK), target: copy(path), text: copy(destination), type: nil, mode: 0)
        case .copy(let source, let path):
            return temper_step(kind: Int32(TEMPER_COPY), target: copy(path), text: copy(source), type: nil, mode: 0)
        case .mount(let path, let type, let options):
            return temper_step(kind: Int32(TEMPER_MOUNT), target: copy(path), text: copy(options), type: copy(type), mode: 0)
        }
    }

    private static func record(_ limit: Limit) -> temper_limit {
        switch limit {
        case .memory(let bytes): temper_limit(resource: temper_limit_memory, value: UInt64(bytes))
        case .processor(let seconds): temper_limit(resource: temper_limit_processor, value: UInt64(seconds))
        case .processes(let count): temper_limit(resource: temper_limit_processes, value: UInt64(count))
        case .file(let bytes): temper_limit(resource: temper_limit_file, value: UInt64(bytes))
        case .openFiles(let count): temper_limit(resource: temper_limit_open, value: UInt64(count))
        }
    }

    private static func copy(_ text: String) -> UnsafePointer<CChar>? { UnsafePointer(strdup(text)) }
}
