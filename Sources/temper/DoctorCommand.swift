import ArgumentParser
import Foundation
import TemperCore
import TemperEnvironments
import TemperExperiment
import TemperSandbox
import TemperTraining
import TemperTransformer

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Says what works on this machine and what is missing for the rest.",
        discussion: "Example:\n  temper doctor")
    @OptionGroup var output: OutputOptions

    private struct Finding: Encodable {
        var name: String
        var ok: Bool
        var detail: String
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        var findings = [Finding(name: "instructions", ok: true, detail: Self.instructions)]
        for engine in Engines.all {
            let status = await EngineStatus(engine)
            findings.append(Finding(name: "\(engine.name) engine", ok: status.isReady, detail: status.detail))
        }
        do {
            let folder = try ModelLocator.folder(for: ModelLocator.shipped[0])
            findings.append(
                Finding(name: ModelLocator.shipped[0], ok: true, detail: folder.lastPathComponent + " is shipped with this build")
            )
        } catch {
            findings.append(Finding(name: ModelLocator.shipped[0], ok: false, detail: TemperError.describe(error)))
        }
        if let data = DataFolder.locate() {
            findings.append(Finding(name: "real data", ok: true, detail: data.path))
        } else {
            findings.append(
                Finding(name: "real data", ok: false, detail: "not found: set \(DataFolder.variable) to run the suite hotpotqa"))
        }
        for (program, name, missing) in [
            ("bwrap", "sandbox", "no bubblewrap: the suites os and pocket/terminal need it (apt-get install bubblewrap)"),
            ("mariadbd", "MariaDB", "not found: suites.db.server=mariadb needs it (apt-get install mariadb-server)"),
        ] {
            let path = ChildProcess.find(program)
            findings.append(Finding(name: name, ok: path != nil, detail: path ?? missing))
        }
        let keys = ["OPENAI_API_KEY", "TEMPER_API_KEY"].filter { environment[$0]?.isEmpty == false }
        findings.append(
            Finding(
                name: "hosted models", ok: !keys.isEmpty,
                detail: keys.isEmpty ? "no key: set OPENAI_API_KEY or TEMPER_API_KEY" : "key in \(keys.joined(separator: ", "))"))
        if output.json { return try Output.json(["findings": findings]) }
        Output.table(findings.map { [$0.ok ? "ok" : "--", $0.name, $0.detail] })
    }

    /// What the native engine computes with.
    private static var instructions: String {
        let used = InstructionSet.used, detected = InstructionSet.detected
        let limit = used == detected ? "" : " (held there by \(InstructionSet.variable); the CPU has \(detected.name))"
        return "\(used.name)\(limit), \(ProcessorCount.available) processors; products: \(InstructionSet.products)"
    }
}
