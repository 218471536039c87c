import Foundation
import TemperCore
import TemperTestSupport
import Testing

@testable import TemperExperiment

@Suite("Commands on traces: redact, audit, and files of another form", .tags(.alone), .timeLimit(.minutes(3)))
struct TraceCommandTests {
    private func write(_ text: String, _ name: String, in folder: URL) throws {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }

    @Test("temper redact counts, writes, and fails where it is asked to") func redact() async throws {
        try await Scratch.with { scratch in
            try write("mail ada@example.org and ada@example.org, staff EMP-0042\n", "a.txt", in: scratch)
            let shown = try await CommandLineTool.run(["redact", "a.txt"], in: scratch)
            #expect(shown.status == 0 && shown.output.contains("email: 1 secrets, 2 places (a.txt:1)"), "\(shown.errors)")
            #expect(!shown.output.contains("ada@"))
            let arguments = ["redact", "a.txt", "--out", "b.txt", "--pattern", "staff=EMP-[0-9]{4}", "--json"]
            let json = try await CommandLineTool.run(arguments, in: scratch).json()
            #expect(json["secrets"] == .number(2) && json["marks"] == .number(3))
            let text = try String(contentsOf: scratch.appendingPathComponent("b.txt"), encoding: .utf8)
            #expect(text == "mail <redacted-email-1> and <redacted-email-1>, staff <redacted-staff-1>\n")
            #expect(try await CommandLineTool.run(["redact", "a.txt", "--check"], in: scratch).status == 1)
            #expect(try await CommandLineTool.run(["redact", "b.txt", "--check"], in: scratch).status == 0)
            let kinds = try await CommandLineTool.run(["redact", "--kinds"], in: scratch)
            #expect(kinds.output.contains("github-token") && kinds.output.split(separator: "\n").count > 80)
            let odd = try await CommandLineTool.run(["redact", "a.txt", "--only", "emial"], in: scratch)
            #expect(odd.status == 65 && odd.errors.contains("did you mean 'email'?"))
        }
    }

    @Test("temper audit says what is wrong with a file of chats, and fails where it is asked to") func audit() async throws {
        try await Scratch.with { scratch in
            let good = #"{"messages": [{"role": "user", "content": "Who?"}, {"role": "assistant", "content": "Ada."}]}"#
            try write(good + "\n", "good.jsonl", in: scratch)
            try write(good + "\n{\"x\": 1}\n", "bad.jsonl", in: scratch)
            let fine = try await CommandLineTool.run(
                ["audit", "good.jsonl", "--model", "pocket-base", "--fail-on", "any"], in: scratch)
            #expect(fine.status == 0 && fine.output.contains("good:"), "\(fine.output)\(fine.errors)")
            let arguments = ["audit", "bad.jsonl", "--model", "pocket-base"]
            let json = try await CommandLineTool.run(arguments + ["--json"], in: scratch).json()
            #expect(json["verdict"] == .string("faulty") && json["examples"] == .number(2))
            #expect(json["findings"]?.array?.first?["places"] == .array([.string("bad.jsonl:2")]))
            #expect(try await CommandLineTool.run(arguments + ["--fail-on", "unrenderable"], in: scratch).status == 1)
            #expect(try await CommandLineTool.run(arguments + ["--fail-on", "drift"], in: scratch).status == 0)
            let odd = try await CommandLineTool.run(arguments + ["--fail-on", "drifts"], in: scratch)
            #expect(odd.status == 64 && odd.errors.contains("untrained_tool"))
        }
    }

    @Test("A run that was just curated has a good verdict") func auditRun() async throws {
        try await Scratch.with { scratch in
            let run = try await TinyRecipe.run(TinyRecipe.write(to: scratch), stages: [.collect, .curate])
            let result = try await CommandLineTool.run(
                ["audit", run.path, "--model", "base", "--fail-on", "any"], in: scratch)
            #expect(result.status == 0 && result.output.contains("good:"), "\(result.output)\(result.errors)")
            // Against another model the stored tokens are not what its template gives.
            let other = try await CommandLineTool.run(
                ["audit", run.path, "--model", "pocket-base", "--fail-on", "drift"], in: scratch)
            #expect(other.status == 1 && other.output.contains("drift"), "\(other.output)\(other.errors)")
        }
    }

    @Test("A file of another form is named, with the way out, once") func forms() async throws {
        try await Scratch.with { scratch in
            try write("{\n  \"messages\": [\n  ]\n}\n", "pretty.json", in: scratch)
            try write("{\n \"trajectory\": [],\n \"info\": {}\n}\n", "swe.traj", in: scratch)
            try Data([0x1F, 0x8B, 0x08, 0x00, 0x00]).write(to: scratch.appendingPathComponent("a.jsonl.gz"))
            for (name, message, hint) in [
                ("pretty.json", "one JSON object over several lines", "jq -c ."),
                ("swe.traj", "a trajectory of SWE-agent", ".history"),
                ("a.jsonl.gz", "compressed with gzip", "gunzip"),
            ] {
                let result = try await CommandLineTool.run(["import", "openai-chat", name, "--run", "run-\(name)"], in: scratch)
                #expect(
                    result.status == 65 && result.errors.contains(message) && result.errors.contains(hint), "\(result.errors)")
                #expect(result.errors.split(separator: "\n").count == 2)
            }
        }
    }
}
