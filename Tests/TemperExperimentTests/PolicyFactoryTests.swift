import TemperCore
import TemperEnvironments
import TemperExperiment
import Testing

@Suite("Policy words")
struct PolicyFactoryTests {
    @Test("A suite's scripts are found by name, and an unknown word names what there is")
    func words() async throws {
        let suite = PocketHotpotQASuite()
        let factory = PolicyFactory(environment: [:])
        guard case .script(let expert) = try await factory.policy("expert", for: suite) else {
            Issue.record("an expert is a script")
            return
        }
        #expect(expert.name == "expert" && expert.author == nil)
        let unknown = await #expect(throws: TemperError.self) { try await factory.policy("exprt", for: suite) }
        #expect(unknown?.hint == "did you mean 'expert'?")
        #expect(unknown?.code == .data)
    }

    @Test("A hosted model without a key names the variable to set")
    func missingKey() async throws {
        let factory = PolicyFactory(environment: [:])
        let error = await #expect(throws: TemperError.self) {
            try await factory.policy("openai:gpt-4o-mini", for: PocketHotpotQASuite())
        }
        #expect(error?.code == .unavailable)
        #expect(error?.description.contains("OPENAI_API_KEY") == true)
    }
}
