import ArgumentParser
import Foundation
import TemperCore
import TemperData
import TemperExperiment

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Compares the files of a run with the hashes that its manifest keeps.",
        discussion: """
            Every stage of temper run compares what it reads; this compares all at once. The exit status is 65 when a file was changed,
            is missing, or lies where no stage wrote it.

            Example:
              temper verify runs/quickstart
            """)
    @Argument(help: "The run folder.")
    var folder: String
    @OptionGroup var output: OutputOptions

    func run() throws {
        let (run, manifest) = try RunManifest.open(folder)
        let states = try manifest.states(of: Manifest.Output.allCases, in: run)
        let odd = states.filter { $0.state != .intact }
        // The store has no hash, since it grows; SQLite finds what is wrong with it.
        if FileManager.default.fileExists(atPath: run.store.path) { try RunStore(run).requireIntact() }
        if output.json {
            struct Report: Encodable {
                var run: String
                var intact: Int
                var damaged: [Manifest.FileState]
                var adopted: [String]
            }
            try Output.json(
                Report(run: folder, intact: states.count - odd.count, damaged: odd, adopted: manifest.adopted ?? []))
        } else {
            Output.table(odd.map { [$0.state.rawValue, $0.path] })
            print("\(states.count - odd.count) files as the run wrote them, \(odd.count) not")
        }
        guard odd.isEmpty else {
            throw TemperError(
                .data, "\(odd.count) files of the run are not what it wrote: \(odd[0].path)" + (odd.count > 1 ? ", …" : ""),
                hint: "if they are meant, 'temper adopt \(folder)' takes them in", place: folder, boundary: .data)
        }
    }
}

struct AdoptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt", abstract: "Takes files of a run that you changed or brought from elsewhere in as they are.",
        discussion: """
            Their hashes go into the run's manifest, which also keeps that they were adopted. A dataset or model that no stage of the run
            wrote counts as that stage's from then on, so that the next one reads it.

            Example:
              temper adopt runs/quickstart
            """)
    @Argument(help: "The run folder.")
    var folder: String
    @OptionGroup var output: OutputOptions

    func run() throws {
        let (run, _) = try RunManifest.open(folder)
        let lock = try run.lock()
        defer { withExtendedLifetime(lock) {} }
        var (_, manifest) = try RunManifest.open(folder)
        let recipe = try RecipeFile.recipe(from: manifest.recipe)
        let stage: Stage? = recipe.train != nil ? Stage.train : recipe.pretrain != nil ? .pretrain : nil
        let found = try manifest.adopt(in: run, trainingStage: stage?.rawValue)
        if output.json { return try Output.json(["adopted": found]) }
        Output.table(found.map { [$0.state.rawValue, $0.path] })
        print(found.isEmpty ? "every file is as the run wrote it" : "\(found.count) files taken in as they are")
    }
}

/// The manifest of a run that must have one.
enum RunManifest {
    static func open(_ folder: String) throws -> (RunFolder, Manifest) {
        let run = try RunFolder.existing(URL(fileURLWithPath: folder, isDirectory: true))
        guard let manifest = try Manifest.read(run) else {
            throw TemperError(
                .data, "the run has no manifest: no recipe was run in it", hint: "temper run RECIPE --run \(folder) writes one",
                place: folder, boundary: .data)
        }
        return (run, manifest)
    }
}
