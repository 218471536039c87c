import Foundation
import TemperCore
import TemperTestSupport
import Testing

@Suite("Documentation", .tags(.alone), .timeLimit(.minutes(10)))
struct DocumentationTests {
    private func text(_ path: String) throws -> String {
        try String(contentsOf: PackageFolder.url.appendingPathComponent(path), encoding: .utf8)
    }

    @Test("docs/cli.md is what Scripts/document-cli writes from the binary, with a section for every command")
    func commandLine() async throws {
        let script = PackageFolder.url.appendingPathComponent("Scripts/document-cli")
        let printed = try await CommandLineTool.run(
            ["--print"], environment: ["TEMPER": CommandLineTool.binary().path], executable: script)
        #expect(printed.status == 0, "\(printed.errors)")
        let stored = try text("docs/cli.md")
        #expect(printed.output == stored, "docs/cli.md is out of date: run Scripts/document-cli")
        #expect(!stored.contains("` |  |\n"), "an option has no meaning")
        for command in try await CommandLineTests.commands() {
            let section = stored.components(separatedBy: "\n## temper \(command)\n")
            #expect(section.count == 2, "\(command)")
            let body = section.last?.components(separatedBy: "\n## ").first ?? ""
            for part in ["Usage: `temper \(command)", "```sh\ntemper \(command)", "| `--json` |"] {
                #expect(body.contains(part), "\(command): \(part)")
            }
        }
    }

    @Test("docs/recipe.md and recipe.schema.json are what the binary writes")
    func recipeReference() async throws {
        for (file, option) in [("docs/recipe.md", "--markdown"), ("recipe.schema.json", "--schema")] {
            let printed = try await CommandLineTool.run(["recipe", option])
            #expect(printed.status == 0, "\(printed.errors)")
            #expect(printed.output == (try text(file)), "\(file) is out of date: run Scripts/document-recipe")
        }
    }

    /// The modules of a product that are not called like it.
    private static let productModules: [String: Set<String>] = [
        "Hummingbird": ["Hummingbird", "HummingbirdCore", "HTTPTypes", "Logging", "NIOCore", "NIOHTTPTypes"],
        "ServiceLifecycle": ["ServiceLifecycle", "UnixSignals"],
    ]
    private static let system: Set<String> = ["Foundation", "Synchronization", "Dispatch", "Glibc", "Darwin"]

    /// The modules that `Package.swift` lets each module of `Sources` import, by its name.
    private func declaredImports() async throws -> [String: Set<String>] {
        try await Scratch.with { scratch in
            let dump = try await CommandLineTool.run(
                ["swift", "package", "--scratch-path", scratch.path, "dump-package"],
                executable: URL(fileURLWithPath: "/usr/bin/env"))
            #expect(dump.status == 0, "\(dump.errors)")
            let package = try JSONValue.parse(Data(dump.output.utf8), named: "Package.swift")
            var declared: [String: Set<String>] = [:]
            for target in package["targets"]?.array ?? [] where target["path"]?.string == nil && target["type"]?.string != "test"
            {
                let names = (target["dependencies"]?.array ?? []).compactMap { $0.object?.values.first?.array?.first?.string }
                let name = try #require(target["name"]?.string)
                declared[name] = names.reduce(into: []) { $0.formUnion(Self.productModules[$1] ?? [$1]) }
            }
            return declared
        }
    }

    @Test("Every module imports what Package.swift gives it, no more and no less")
    func imports() async throws {
        let sources = PackageFolder.url.appendingPathComponent("Sources")
        let modules = try FileManager.default.contentsOfDirectory(atPath: sources.path).filter { !$0.hasPrefix(".") }
        let declared = try await declaredImports()
        #expect(Set(modules) == Set(declared.keys))
        let pattern =
            /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)/
        for (module, declared) in declared {
            let folder = sources.appendingPathComponent(module)
            var imported: Set<String> = []
            for file in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
                guard [".swift", ".c", ".h"].contains(where: file.hasSuffix) else { continue }
                let content = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
                // C includes headers, not modules; a module's own header has its name.
                guard file.hasSuffix(".swift") else {
                    imported.formUnion(declared.filter { content.contains("\($0).h") })
                    continue
                }
                for line in content.split(separator: "\n") {
                    guard let name = try pattern.firstMatch(in: line)?.1, !Self.system.contains(String(name)) else { continue }
                    imported.insert(String(name))
                    #expect(declared.contains(String(name)), "\(module)/\(file) imports \(name)")
                }
            }
            // A product of several modules is used where one of them is.
            let unused = declared.subtracting(imported).filter { name in
                !Self.productModules.values.contains { $0.contains(name) && !$0.isDisjoint(with: imported) }
            }
            #expect(unused.isEmpty, "\(module) is given \(unused.sorted().joined(separator: ", "))")
        }
    }

    /// A block of shell commands in a Markdown page.
    private struct Block {
        var line: Int
        var commands: String
        /// Why it is not run, where the page says so.
        var reason: String?
    }

    /// The `sh` blocks; a comment `<!-- not run: REASON -->` before a block excuses it, and so does being about `make` alone.
    private func blocks(_ page: String) -> [Block] {
        var blocks: [Block] = []
        var open: Block?
        var reason: String?
        for (index, line) in page.components(separatedBy: "\n").enumerated() {
            if var block = open {
                if line == "```" {
                    blocks.append(block)
                    open = nil
                } else {
                    block.commands += line + "\n"
                    open = block
                }
            } else if line == "```sh" {
                open = Block(line: index + 1, commands: "", reason: reason)
                reason = nil
            } else if line.hasPrefix("<!-- not run: "), line.hasSuffix("-->") {
                reason = line.dropFirst("<!-- not run: ".count).dropLast(3).trimmingCharacters(in: .whitespaces)
            } else if !line.isEmpty {
                reason = nil
            }
        }
        return blocks
    }

    @Test("Every block of the README runs")
    func readme() async throws {
        let page = try #require(try? text("README.md"), "there is no README.md")
        let all = blocks(page)
        #expect(all.contains { $0.commands.contains("make quickstart") } && all.contains { $0.commands.contains("make test") })
        let temper = try CommandLineTool.binary().deletingLastPathComponent().path
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        try await Scratch.with { scratch in
            // The recipes as in the project's folder, and the data where they look for it.
            let project = scratch.appendingPathComponent("project", isDirectory: true)
            let files = FileManager.default
            try files.createDirectory(at: project, withIntermediateDirectories: true)
            try files.createSymbolicLink(
                at: project.appendingPathComponent("recipes"),
                withDestinationURL: PackageFolder.url.appendingPathComponent("recipes"))
            if let data = DataFolder.locate() {
                try files.createDirectory(at: scratch.appendingPathComponent("shared"), withIntermediateDirectories: true)
                try files.createSymbolicLink(
                    at: scratch.appendingPathComponent("shared/data"), withDestinationURL: data.standardizedFileURL)
            }
            var ran = 0
            for block in all {
                if let reason = block.reason {
                    print("README.md:\(block.line): not run: \(reason)")
                    continue
                }
                let lines = block.commands.split(separator: "\n")
                if lines.allSatisfy({ $0.hasPrefix("make ") || $0.hasPrefix("git ") || $0.hasPrefix("cd ") }) {
                    print("README.md:\(block.line): not run: it builds and runs everything")
                    continue
                }
                let result = try await CommandLineTool.run(
                    ["-euo", "pipefail", "-c", block.commands], in: project, environment: ["PATH": temper + ":" + path],
                    executable: URL(fileURLWithPath: "/bin/bash"))
                #expect(result.status == 0, "README.md:\(block.line): \(result.errors.suffix(500))")
                ran += 1
            }
            #expect(ran > 0, "no block of the README was run")
        }
    }
}
