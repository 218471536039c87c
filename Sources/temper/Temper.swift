import ArgumentParser
import Foundation
import TemperCore
import TemperExperiment
import TemperTransformer

/// The command line: parse, call, print.
@main
struct Temper: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "temper",
        abstract: "Turns a language model into an agent by fine-tuning it on agent trajectories, and measures what that gained.",
        discussion: """
            The whole loop on the embedded default, with no key, no GPU and no download:
              temper run recipes/quickstart.yaml
            """,
        version: TemperExperiment.Build.version,
        subcommands: [
            RunCommand.self, DeriveCommand.self, CollectCommand.self, CurateCommand.self, TrainCommand.self, EvaluateCommand.self,
            ReportCommand.self, VerifyCommand.self, AdoptCommand.self, ShowCommand.self, ImportCommand.self, ExportCommand.self,
            RedactCommand.self, AuditCommand.self, ContaminationCommand.self, ScoreCommand.self, CompareCommand.self,
            OverallCommand.self,
            GenerateCommand.self,
            ServeCommand.self, TokenizeCommand.self,
            LossCommand.self, MergeCommand.self,
            SuitesCommand.self, MethodsCommand.self, EnginesCommand.self, RecipesCommand.self, RecipeCommand.self,
            DoctorCommand.self,
            BenchCommand.self,
        ])

    static func main() async {
        Interruption.install()
        do {
            _ = try InstructionSet.limit(ProcessInfo.processInfo.environment[InstructionSet.variable])
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let error as TemperError {
            ProgressBar.write(error.description.visible + "\n")
            Foundation.exit(error.code.rawValue)
        } catch is CancellationError {
            ProgressBar.write("interrupted; the same command goes on where it stopped\n")
            Foundation.exit(TemperError.Code.interrupted.rawValue)
        } catch {
            guard exitCode(for: error) == .failure else { exit(withError: error) }
            ProgressBar.write("error: \(TemperError.describe(error).visible)\n  this is a fault of Temper; please report it\n")
            Foundation.exit(TemperError.Code.internal.rawValue)
        }
    }
}

/// Ctrl-C: what is finished is stored already, so the process may end at once.
enum Interruption {
    static func install() {
        signal(SIGINT) { _ in
            let text = "\ninterrupted; the same command goes on where it stopped\n"
            text.withCString { _ = write(2, $0, strlen($0)) }
            _exit(TemperError.Code.interrupted.rawValue)
        }
        signal(SIGPIPE, SIG_IGN)
    }
}
