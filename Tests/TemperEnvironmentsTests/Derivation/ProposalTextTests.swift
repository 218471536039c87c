import TemperCore
import Testing

@testable import TemperEnvironments

@Suite("Proposals as teachers write them")
struct ProposalTextTests {
    @Test("A task and its blocks are read, with and without decoration and text around them")
    func forms() throws {
        let replies = [
            "Task: Count it.\nSetup:\n```bash\na\n\nb\n```\nSolution:\n```bash\nls\n```\nCheck:\n```python\nimport sys\n```",
            "Here you are!\r\n**Task:** Count it.\r\n\r\n**Setup:**\r\n```bash\r\na\r\n\r\nb\r\n```\r\n### Solution:\r\n"
                + "```BASH\r\nls\r\n```\r\ncheck:\r\n  ```python\r\nimport sys\r\n  ```\r\nI hope it helps.",
        ]
        for reply in replies {
            let proposal = try ShellProposal.read(reply).get()
            #expect(proposal.question == "Count it.")
            #expect(proposal.setup == OperatingSystemScript(code: "a\n\nb"))
            #expect(proposal.solution == OperatingSystemScript(code: "ls"))
            #expect(proposal.check == OperatingSystemScript(language: .python, code: "import sys"))
        }
        let long = try DatabaseProposal.read(
            "Task:\nWho is it?\nSay the name.\n```sql\nSELECT a\nFROM b;\n```\n```\nSELECT c FROM b\n```", kind: .select,
            references: 2
        ).get()
        #expect(long.question == "Who is it?\nSay the name.")
        #expect(long.statements == ["SELECT a FROM b;", "SELECT c FROM b"])
    }

    @Test(
        "A reply of another form is told apart",
        arguments: [
            ("", "there is no text after 'Task:'"),
            ("I cannot do that.", "there is no text after 'Task:'"),
            ("Task:\n```sql\nSELECT 1\n```", "there is no text after 'Task:'"),
            ("Task: a\nTask: b\n```sql\nSELECT 1\n```", "there are two tasks in the reply"),
            ("Task: a\n```sql\nSELECT 1", "a code block is not closed"),
            ("Task: a", "there is no ```sql block"),
            ("Task: a\n```python\nx\n```", "there is no ```sql block"),
            ("Task: a\n```sql\n\n```", "there is no ```sql block"),
            ("Task: a\n```sql\nDELETE FROM t\n```", "a task of kind select was asked for, not: DELETE FROM t"),
            ("Task: " + String(repeating: "a", count: 2_001), "the task is longer than 2000 characters"),
        ])
    func faults(reply: String, detail: String) {
        #expect(throws: ProposalText.Fault.self) { try DatabaseProposal.read(reply, kind: .select, references: 1).get() }
        if case .failure(let fault) = DatabaseProposal.read(reply, kind: .select, references: 1) {
            #expect(fault.detail == detail)
        }
    }

    @Test("A shell task needs solution and check, in bash or Python")
    func shellFaults() {
        func fault(_ reply: String) -> String? {
            if case .failure(let fault) = ShellProposal.read(reply) { fault.detail } else { nil }
        }
        let solution = "Solution:\n```bash\nls\n```\n"
        #expect(fault("Task: a\nCheck:\n```bash\ntrue\n```") == "there is no block after 'Solution:'")
        #expect(fault("Task: a\n" + solution) == "there is no block after 'Check:'")
        #expect(fault("Task: a\n" + solution + "Check:\n```perl\n1\n```") == "the check is in 'perl', neither bash nor python")
        #expect(fault("Task: a\n" + solution + "Check:\n```\ntrue\n```") == nil)
    }
}
