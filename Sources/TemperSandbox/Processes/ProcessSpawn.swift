import CTemperProcess
import Foundation
import TemperCore

/// One start of a program: pipes on the standard descriptors, a session of its own, nothing else inherited.
package struct ProcessSpawn {
    package var identifier: Int32 = 0
    package var input: Int32
    package var output: Int32
    /// -1 when errors are merged or dropped.
    package var errors: Int32 = -1

    /// Where the program runs.
    package enum World {
        case folder(String?)
        case namespaces(NamespacePlan, NamespacePlan.Place)
    }

    /// A write to a child that is gone is an error code, not a signal that ends Temper.
    private static let ignoringBrokenPipes: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

    /// - Parameter descriptors: become 3, 4, … in the child.
    package init(
        _ arguments: [String], environment: [String: String], errors mode: ChildProcess.ErrorOutput, descriptors: [Int32],
        in world: World
    ) throws {
        precondition(!arguments.isEmpty)
        Self.ignoringBrokenPipes
        let inputPipe = try Pipe.make()
        var childEnds = [inputPipe.read]
        var ourEnds = [inputPipe.write]
        defer { for end in childEnds { close(end) } }
        do {
            let outputPipe = try Pipe.make()
            childEnds.append(outputPipe.write)
            ourEnds.append(outputPipe.read)
            input = inputPipe.write
            output = outputPipe.read
            if mode == .kept {
                let errorPipe = try Pipe.make()
                childEnds.append(errorPipe.write)
                ourEnds.append(errorPipe.read)
                errors = errorPipe.read
            }
            identifier = try Self.spawn(
                arguments, environment: environment, ends: childEnds, mode: mode, descriptors: descriptors, in: world)
        } catch {
            for end in ourEnds { close(end) }
            throw error
        }
        for end in ourEnds { Pipe.makeNonBlocking(end) }
    }

    private static func spawn(
        _ arguments: [String], environment: [String: String], ends: [Int32], mode: ChildProcess.ErrorOutput,
        descriptors: [Int32], in world: World
    ) throws -> Int32 {
        guard let program = ChildProcess.find(arguments[0], path: environment["PATH"]) else {
            throw failure(of: arguments[0], ENOENT)
        }
        var argumentList = arguments.map { strdup($0) } + [nil]
        var environmentList = environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in argumentList + environmentList { free(text) } }
        var identifier: pid_t = 0
        let errorsEnd: Int32 =
            switch mode {
            case .kept: ends[2]
            case .merged: ends[1]
            case .dropped: -1
            }
        let list = [ends[0], ends[1], errorsEnd] + descriptors
        var result: Int32
        switch world {
        case .folder(let folder):
            result = temper_spawn(
                &identifier, program, &argumentList, &environmentList, folder, list, Int32(list.count))
        case .namespaces(let plan, let place):
            var failedStep: String?
            result = plan.withNamespaces(place) { namespaces in
                let result = temper_spawn_in_namespaces(
                    &identifier, program, &argumentList, &environmentList, list, Int32(list.count), namespaces)
                if let step = namespaces.pointee.failed_step { failedStep = String(cString: step) }
                return result
            }
            if let failedStep, result != 0 {
                throw TemperError(.unavailable, "\(failedStep): \(String(cString: strerror(result)))", boundary: .sandbox)
            }
        }
        guard result == 0 else { throw failure(of: arguments[0], result) }
        return identifier
    }

    private static func failure(of program: String, _ code: Int32) -> TemperError {
        TemperError(
            .unavailable, "cannot start '\(program)': \(String(cString: strerror(code)))",
            hint: code == ENOENT ? "is it installed, and does its working folder exist?" : nil, boundary: .environment)
    }
}
