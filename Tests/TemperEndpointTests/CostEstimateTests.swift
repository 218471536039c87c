import TemperCore
import TemperEndpoint
import Testing

@Suite("A cost estimate")
struct CostEstimateTests {
    private let shape = CostEstimate.Shape(head: 100, turns: 3, reply: 20, observation: 30)
    private let price = ModelPrice(prompt: 1, completion: 2)

    private func part(_ method: TemperCore.Method, trials: Int = 1, price: ModelPrice? = ModelPrice(prompt: 1, completion: 2))
        -> CostEstimate.Part
    {
        CostEstimate.part(
            stage: "collect", policy: "openai:m", suite: "s", method: method, episodes: 1000, shape: shape, maximumTurns: 4,
            maximumNewTokens: 40, trials: trials, price: price)
    }

    @Test("Every call sends the conversation so far") func tokens() {
        // 100 + 150 + 200 tokens in three calls, 3 × 20 written.
        #expect(shape.totals() == (3, 450, 60))
        let part = part(.react)
        #expect(part.calls == 3000 && part.promptTokens == 450_000 && part.completionTokens == 60_000)
        #expect(part.dollars == 0.57)
        // 4 × 100 + 6 × 70 tokens, 4 × 40 written.
        #expect(part.mostDollars == 1.14)
    }

    @Test("A plan has at most two calls, an answer one") func limits() throws {
        let plan = try #require(part(.rewoo).mostDollars)
        #expect(abs(plan - (0.27 + 0.16)) < 1e-12)
        let answer = try #require(part(.cot).mostDollars)
        #expect(abs(answer - (0.1 + 0.08)) < 1e-12)
    }

    @Test("Half of the trials lead to a reflection and another trial; at most all do") func trials() {
        #expect(CostEstimate.expectedTrials(of: 1) == 1 && CostEstimate.expectedTrials(of: 3) == 1.75)
        let part = part(.reflexion, trials: 3)
        // 1.75 × 450 + 0.75 × (100 + 3 × 50), 1.75 × 60 + 0.75 × 20.
        #expect(part.calls == 6000 && part.promptTokens == 975_000 && part.completionTokens == 120_000)
    }

    @Test("An unknown price stays unknown, and so does the sum") func unknown() {
        let known = part(.react)
        let unknown = part(.react, price: nil)
        #expect(unknown.dollars == nil && unknown.promptTokens == known.promptTokens)
        #expect(CostEstimate(parts: [known, unknown], assumptions: []).dollars == nil)
        #expect(CostEstimate(parts: [known, known], assumptions: []).dollars == 1.14)
        #expect(CostEstimate(parts: [], assumptions: []).dollars == 0)
    }

    @Test("A shape is that of the demonstrations") func demonstrations() {
        let demonstration = [
            Message(.user, String(repeating: "q", count: 40), by: .demonstration),
            Message(.assistant, String(repeating: "a", count: 64), by: .demonstration),
            Message(.user, String(repeating: "o", count: 104), by: .demonstration),
            Message(.assistant, String(repeating: "a", count: 64), by: .demonstration),
        ]
        let prompt = SuitePrompt(instruction: String(repeating: "i", count: 400), demonstrations: [demonstration])
        let tasks = [
            AgentTask(id: "1", suite: "s", split: "train", instruction: String(repeating: "t", count: 80), payload: .null)
        ]
        func shape(_ style: PromptStyle, _ prompt: SuitePrompt?) -> CostEstimate.Shape {
            CostEstimate.Shape(prompt: prompt, style: style, tasks: tasks, method: .react, maximumTurns: 10)
        }
        #expect(shape(.full, prompt) == .init(head: 104 + 14 + 20 + 30 + 20 + 24, turns: 2, reply: 20, observation: 30))
        #expect(shape(.instruction, prompt).head == 128 && shape(.task, prompt).head == 24)
        #expect(shape(.full, nil) == .init(head: 24, turns: 5, reply: 60, observation: 100))
    }

    @Test("The price of a policy is the recipe's, the table's, or nothing for an endpoint of one's own") func prices() {
        var options = EndpointOptions()
        #expect(ModelPrice.of(policy: "openai:gpt-4o", options: options) == ModelPrice(prompt: 2.5, completion: 10))
        #expect(ModelPrice.of(policy: "openai:secret", options: options) == nil)
        #expect(ModelPrice.of(policy: "http://localhost/v1#m", options: options) == ModelPrice(prompt: 0, completion: 0))
        #expect(ModelPrice.of(policy: "expert", options: options) == nil)
        options.price = price
        #expect(ModelPrice.of(policy: "openai:gpt-4o", options: options) == price)
        #expect(ModelPrice.of(policy: "http://localhost/v1#m", options: options) == price)
    }
}
