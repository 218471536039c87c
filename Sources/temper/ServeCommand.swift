import ArgumentParser
import Foundation
import TemperCore
import TemperExperiment
import TemperServer
import TemperTransformer

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serves a model on the native engine to clients of OpenAI's API.",
        discussion: """
            Example:
              temper serve pocket-base --port 8080
              temper serve runs/quickstart/model --port 0 --api-key-file keys.txt --max-queue 64
            """)
    @Argument(help: "A model folder, or a shipped name.")
    var model: String
    @Option(help: "The port; 0 takes any free one.")
    var port = 8080
    @Option(help: "The address to listen on; others than loopback need API keys.")
    var host = "127.0.0.1"
    @Option(help: "A file of API keys, one a line; without it every client is served.")
    var apiKeyFile: String?
    @Option(
        help: ArgumentHelp("An adapter of the model, served under a name of its own. May be repeated.", valueName: "name=path"))
    var adapter: [String] = []
    @Option(help: "The name that requests give; the folder's name when absent.")
    var name: String?
    @Option(help: ArgumentHelp("Requests that wait for a place; more are refused with status 429.", valueName: "n"))
    var maxQueue = ServerOptions().maximumQueue
    @Option(help: ArgumentHelp("Replies that are written at the same time.", valueName: "n"))
    var maxConcurrent = ServerOptions().maximumConcurrent
    @Option(help: ArgumentHelp("The most bytes of a request's body.", valueName: "bytes"))
    var maxBody = ServerOptions().maximumBodyBytes
    @Option(help: ArgumentHelp("The most seconds from a request's arrival to its last token.", valueName: "seconds"))
    var timeout = 600.0
    @OptionGroup var output: OutputOptions

    func run() async throws {
        var options = ServerOptions()
        options.host = host
        options.port = port
        options.maximumQueue = maxQueue
        options.maximumConcurrent = maxConcurrent
        options.maximumBodyBytes = maxBody
        guard timeout > 0, timeout <= 1e6 else { throw TemperError(.usage, "--timeout must be above 0 and at most 1000000") }
        options.timeout = .seconds(timeout)
        let folder = try ModelLocator.folder(for: model)
        let base = name ?? folder.standardizedFileURL.lastPathComponent
        let adapters = try adapter.map(Self.adapter)
        let keys = try apiKeyFile.map { try APIKeys(contentsOf: URL(fileURLWithPath: $0)) }
        guard maxConcurrent > 0 else { throw TemperError(.usage, "--max-concurrent must be at least 1") }
        let model = try NativeLanguageModel(folder: folder, name: base, maximumActive: maxConcurrent)
        var models = [ServedModel(name: base, model: model)]
        for adapter in adapters { models.append(try await models[0].adapter(name: adapter.name, folder: adapter.folder)) }
        let server = try ModelServer(models: models, keys: keys, options: options)
        let names = models.map(\.name)
        try await server.run { [host, output] port in
            let shown = host.contains(":") ? "[\(host)]" : host
            let address = "http://\(shown):\(port)/v1"
            if output.json {
                Self.announce(["address": .string(address), "models": .array(names.map { .string($0) })])
            } else {
                print("serving \(names.joined(separator: ", ")) at \(address); Ctrl-C stops")
            }
            // A program that started this one waits for the line.
            fflush(nil)
        }
    }

    private static func announce(_ fields: [String: JSONValue]) {
        do {
            try Output.json(JSONValue.object(fields))
        } catch {
            preconditionFailure("texts can be written as JSON: \(error)")
        }
    }

    private static func adapter(_ text: String) throws -> (name: String, folder: URL) {
        guard let mark = text.firstIndex(of: "="), mark > text.startIndex, text.index(after: mark) < text.endIndex else {
            throw TemperError(.usage, "--adapter takes NAME=PATH, not '\(text)'")
        }
        return (String(text[..<mark]), URL(fileURLWithPath: String(text[text.index(after: mark)...]), isDirectory: true))
    }
}
