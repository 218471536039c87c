import Foundation
import TemperCore
import TemperTokenizers
import Testing

@testable import TemperData

@Suite("Audit")
struct AuditTests {
    private let renderer: TokenRenderer

    init() throws { renderer = try TokenRenderer(tokenizer: Samples.tokenizer(), template: .chatML) }

    private func audit(_ text: String, _ name: String = "x.jsonl", limit: Int? = nil) throws -> AuditReport {
        let temporary = try TemporaryFolder()
        return try Audit.run(temporary.write(text, name), renderer: renderer, contextLimit: limit)
    }

    private func kinds(_ report: AuditReport) -> [AuditReport.Kind] { report.findings.map(\.kind) }

    private let good = #"{"messages": [{"role": "user", "content": "Who made it?"}, {"role": "assistant", "content": "Ada."}]}"#

    @Test("Good chats have a good verdict, in several forms") func goodChats() throws {
        let shareGPT = #"{"conversations": [{"from": "human", "value": "Who?"}, {"from": "gpt", "value": "Ada."}]}"#
        let report = try audit([good, shareGPT].joined(separator: "\n"))
        #expect(report.verdict == .good && report.examples == 2 && report.replies == 2 && report.findings.isEmpty)
        #expect(report.tokens > report.trainedTokens && report.trainedTokens > 0)
    }

    @Test("Each fault is found, with its place") func faults() throws {
        let cases: [(String, AuditReport.Kind)] = [
            (#"{"messages": [{"role": "user", "content": "x"}, {"role": "assistant", "content": "a<|im_end|>b"}]}"#, .leaked),
            (
                #"{"messages": [{"role": "system", "content": "\#(String(repeating: "Be kind to all. ", count: 5))"}, {"role": "user", "content": "x"}, {"role": "assistant", "content": "I am told: \#(String(repeating: "Be kind to all. ", count: 5))"}]}"#,
                .leaked
            ),
            (
                #"{"messages": [{"role": "user", "content": "x"}, {"role": "assistant", "content": "a"}, {"role": "user", "content": "y"}, {"role": "assistant", "content": "b", "weight": 0}]}"#,
                .masked
            ),
            (
                #"{"messages": [{"role": "user", "content": "x"}, {"role": "assistant", "content": null, "weight": 0, "tool_calls": [{"function": {"name": "f", "arguments": "{}"}}]}, {"role": "tool", "content": "1"}, {"role": "assistant", "content": "b"}]}"#,
                .untrainedTool
            ),
            (#"{"nothing": 1}"#, .unrenderable), ("{broken", .unrenderable),
        ]
        for (line, kind) in cases {
            let report = try audit(good + "\n" + line)
            #expect(kinds(report).contains(kind) && report.verdict == .faulty, "\(line): \(report.findings)")
            #expect(report.findings.first { $0.kind == kind }?.places.first?.hasPrefix("x.jsonl:2") == true, "\(report.findings)")
        }
        #expect(try kinds(audit(good, limit: 5)) == [.cut])
        #expect(throws: TemperError.self) { try audit("") }
    }

    @Test("Stored tokens are compared with what the template gives: other ids, a cut, another mask, a doubled token")
    func stored() throws {
        let temporary = try TemporaryFolder()
        var context = Samples.context(try Samples.tokenizer())
        context.contextLimit = nil
        let dataset = try Curation.run([Samples.trajectory("t0")], options: CurationOptions(), context: context)
        func report(_ change: (inout TokenDocument) -> Void) throws -> AuditReport {
            var changed = dataset
            change(&changed.train[0].tokens)
            try changed.write(to: temporary.url)
            return try Audit.run(temporary.url, renderer: renderer)
        }
        #expect(try report { _ in }.verdict == .good)
        #expect(try kinds(report { $0.ids[5] = ($0.ids[5] + 1) % 200 + 5 }).contains(.drift))
        #expect(
            try kinds(
                report {
                    $0.ids.removeLast(3)
                    $0.mask.removeLast(3)
                }
            ).contains(.cut))
        #expect(try kinds(report { $0.mask[$0.mask.lastIndex(of: 1) ?? 0] = 0 }) == [.masked])
        #expect(
            try kinds(
                report {
                    $0.ids.insert($0.ids[0], at: 0)
                    $0.mask.insert(0, at: 0)
                }
            ).contains(.doubledSpecial))
    }

    @Test("Ids that an ATIF file keeps are compared with the tokenizer and with the call before") func sampled() throws {
        let tokenizer = renderer.tokenizer
        func ids(_ text: String) -> [Int32] { tokenizer.encode(text, isContinued: true) }
        func atif(_ first: [Int32], _ second: [Int32]) -> String {
            let prompt = ids("Who made it?")
            return """
                {"schema_version": "ATIF-v1.4", "session_id": "s", "steps": [
                 {"step_id": 1, "source": "user", "message": "Who made it?"},
                 {"step_id": 2, "source": "agent", "message": "I look it up.", "tool_calls": [{"tool_call_id": "c", "function_name": "search", "arguments": {"q": "it"}}],
                  "observation": {"results": [{"source_call_id": "c", "content": "Ada"}]}, "metrics": {"prompt_token_ids": \(prompt), "completion_token_ids": \(first)}},
                 {"step_id": 3, "source": "agent", "message": "Ada.", "metrics": {"prompt_token_ids": \(second), "completion_token_ids": \(ids("Ada"))}}]}
                """
        }
        let whole = ids("I look it up.")
        let good = try audit(atif(whole, ids("Who made it?") + whole + ids("Ada")), "run.json")
        #expect(good.verdict == .good && good.replies == 2, "\(good.findings)")
        // One letter a token, as no tokenizer would.
        let letters = "I look it up.".flatMap { ids(String($0)) }
        let drift = try audit(atif(letters, ids("Who made it?") + letters), "run.json")
        #expect(kinds(drift) == [.drift] && drift.findings[0].places == ["run.json, step 2"])
        #expect(try kinds(audit(atif(whole, ids("Who made it") + whole), "run.json")) == [.prompt])
        #expect(try kinds(audit(atif([-1], ids("Who made it?")), "run.json")).contains(.drift))
    }
}
