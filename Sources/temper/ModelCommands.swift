import ArgumentParser
import Foundation
import TemperCore
import TemperExperiment

struct GenerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Lets a model on the native engine answer one prompt.",
        discussion: "Example:\n  temper generate pocket-base --prompt \"What is the opposite of hot?\"")
    @Argument(help: "A model folder, or a shipped name.")
    var model: String
    @Option(help: "What the user says.")
    var prompt: String
    @Option(help: "The most tokens to write.")
    var maximumNewTokens = 128
    @Option(help: "0 is greedy.")
    var temperature = 0.0
    @Option(help: "Nucleus mass, 0…1.")
    var topP = 1.0
    @Option(help: "The seed.")
    var seed: UInt64 = 7
    @OptionGroup var output: OutputOptions

    func run() async throws {
        guard maximumNewTokens > 0 else { throw TemperError(.usage, "--maximum-new-tokens must be at least 1") }
        guard temperature >= 0, topP > 0, topP <= 1 else {
            throw TemperError(.usage, "--temperature must not be negative and --top-p must be in 0…1")
        }
        let result = try await ModelUse.generate(
            model: model, prompt: prompt, maximumNewTokens: maximumNewTokens, temperature: temperature, topP: topP, seed: seed)
        if output.json { return try Output.json(result) }
        Output.text(result.text)
    }
}

struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Writes an adapter and its base as one model folder.",
        discussion: "Example:\n  temper merge runs/quickstart/model --out quickstart-merged")
    @Argument(help: "A folder with adapter_config.json, such as a run's model.")
    var adapter: String
    @Option(help: "The folder to write; it must not exist yet.")
    var out: String
    @Option(help: "How the weights are stored: fp32 or bf16.")
    var precision = "fp32"
    @OptionGroup var output: OutputOptions

    func run() throws {
        try ModelUse.merge(adapter: adapter, output: out, precision: precision)
        if output.json { return try Output.json(["model": out]) }
        print(out)
    }
}

struct LossCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loss", abstract: "Measures the loss of a model over the trained tokens of a dataset.",
        discussion: "Example:\n  temper loss runs/quickstart/model runs/quickstart/dataset/held_out.safetensors --json")
    @Argument(help: "A model folder, or a shipped name.")
    var model: String
    @Argument(help: "A dataset folder, or a .safetensors file of tokens.")
    var dataset: String
    @Option(help: "fp32 or bf16.")
    var precision = "fp32"
    @OptionGroup var output: OutputOptions

    func run() throws {
        let result = try ModelUse.loss(model: model, dataset: dataset, precision: precision)
        if output.json { return try Output.json(result) }
        print(
            String(
                format: "loss %.4f nats per token over %d trained tokens", result.lossSum / Double(max(1, result.tokenCount)),
                result.tokenCount))
    }
}
