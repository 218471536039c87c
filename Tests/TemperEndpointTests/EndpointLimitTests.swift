import Foundation
import Synchronization
import TemperCore
import TemperEndpoint
import TemperTestServer
import Testing

/// A cache in memory that counts.
private final class MemoryCache: CompletionCache {
    let stored = Mutex<[[UInt8]: Completion]>([:])

    func cachedCompletion(model: String, body: [UInt8]) async throws -> Completion? { stored.withLock { $0[body] } }
    func store(_ completion: Completion, model: String, body: [UInt8]) async throws {
        stored.withLock { $0[body] = completion }
    }
}

@Suite("Limits, cost and the cache of an endpoint", .tags(.alone), .timeLimit(.minutes(2)))
struct EndpointLimitTests {
    private static let unhurried: MisbehavingServer.Responder = { request in
        // Long enough that requests overlap.
        try? await Task.sleep(for: .milliseconds(50))
        return await MisbehavingServer.echo(request)
    }

    @Test("With 32 in flight through injected faults nothing is lost", arguments: [1, 2, 3] as [UInt64])
    func faultsInFlight(seed: UInt64) async throws {
        let faults: [Fault] = [
            .status(429), .status(500), .hang, .truncate, .drop, .malformed, .slow(pieces: 3, pause: .milliseconds(5)),
        ]
        let server = try await MisbehavingServer(.random(faults, share: 0.35, seed: seed))
        var options = Endpoints.options
        options.timeoutSeconds = 0.5
        options.maximumAttempts = 20
        let model = try Endpoints.model(server, options)
        let texts = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<200 { group.addTask { try await model.complete(Endpoints.request("question \(number)")).text } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(texts == Set((0..<200).map { "question \($0)" }))
        #expect(server.requestCount > 220, "faults were met: \(server.requestCount) requests, seed \(seed)")
    }

    @Test("No more than the limit are in flight")
    func inFlight() async throws {
        let server = try await MisbehavingServer(.random([.status(500)], share: 0.2, seed: 5), respond: Self.unhurried)
        var options = Endpoints.options
        options.maximumInFlight = 4
        options.maximumAttempts = 10
        let model = try Endpoints.model(server, options)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<24 { group.addTask { _ = try await model.complete(Endpoints.request("\(number)")) } }
            try await group.waitForAll()
        }
        #expect(server.mostInFlight <= 4 && server.mostInFlight > 1, "\(server.mostInFlight)")
    }

    @Test("Requests keep to so many a minute, retries included")
    func rate() async throws {
        let server = try await MisbehavingServer(.first([.ok, .status(500)]))
        var options = Endpoints.options
        options.requestsPerMinute = 600
        let model = try Endpoints.model(server, options)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<10 { group.addTask { _ = try await model.complete(Endpoints.request("\(number)")) } }
            try await group.waitForAll()
        }
        let times = server.received.map(\.time).sorted()
        try #require(times.count == 11)
        // Eleven starts are ten gaps of a tenth of a second, less what delayed the first arrival on a busy machine.
        #expect(times[10] - times[0] > .milliseconds(700), "\(times[10] - times[0])")
    }

    @Test("Identical requests are billed once: together in flight, and again later from the cache")
    func billedOnce() async throws {
        let server = try await MisbehavingServer(.none, respond: Self.unhurried)
        var options = Endpoints.options
        options.price = ModelPrice(prompt: 100_000, completion: 100_000)
        let cache = MemoryCache()
        let limit = SpendingLimit(dollars: nil)
        let model = try Endpoints.model(server, options, cache: cache, limit: limit)
        let completions = try await withThrowingTaskGroup(of: Completion.self) { group in
            for _ in 0..<10 { group.addTask { try await model.complete(Endpoints.request("same")) } }
            return try await group.reduce(into: [Completion]()) { $0.append($1) }
        }
        #expect(server.requestCount == 1)
        #expect(completions.filter { $0.price == 1.5 && !$0.wasCached }.count == 1)
        #expect(completions.filter { $0.price == 0 && $0.wasCached }.count == 9)
        #expect(completions.allSatisfy { $0.text == "same" && $0.usage.promptTokens == 10 })

        let later = try await Endpoints.model(server, options, cache: cache, limit: limit).complete(
            Endpoints.request("same", stop: []))
        #expect(later.wasCached && later.price == 0 && later.text == "same")
        #expect(server.requestCount == 1)
        #expect(await limit.spent == 1.5)
        let another = try await model.complete(Endpoints.request("same", seed: 1))
        #expect(!another.wasCached && server.requestCount == 2)
        let bodies = cache.stored.withLock { Array($0.keys) }
        #expect(bodies.count == 2 && bodies.allSatisfy { !String(decoding: $0, as: UTF8.self).contains("sk-") })
    }

    @Test("Stop strings beyond those sent do not spoil the cache")
    func cacheKeepsWholeText() async throws {
        let server = try await MisbehavingServer(.none)
        let model = try Endpoints.model(server, cache: MemoryCache())
        let stops = ["1", "2", "3", "4"]
        #expect(try await model.complete(Endpoints.request("abc def", stop: stops + ["b"])).text == "a")
        #expect(try await model.complete(Endpoints.request("abc def", stop: stops + [" "])).text == "abc")
        #expect(server.requestCount == 1)
    }

    @Test("A failed call is not remembered")
    func failuresAreNotCached() async throws {
        let server = try await MisbehavingServer(.first([.status(400)]))
        let model = try Endpoints.model(server, cache: MemoryCache())
        await #expect(throws: TemperError.self) { try await model.complete(Endpoints.request()) }
        #expect(try await model.complete(Endpoints.request()).text == "hello")
    }

    @Test("One waiter's cancellation does not take the shared call from the other")
    func sharedCancellation() async throws {
        let server = try await MisbehavingServer(.first([], then: .slow(pieces: 5, pause: .milliseconds(150))))
        let model = try Endpoints.model(server)
        let first = Task { try await model.complete(Endpoints.request()) }
        let second = Task { try await model.complete(Endpoints.request()) }
        // Time for the second to join; the answer takes longer.
        try await Task.sleep(for: .milliseconds(300))
        first.cancel()
        #expect(try await second.value.text == "hello")
        #expect(server.requestCount == 1)
    }

    @Test("A budget stops the run: nothing is sent once it is reached, and no more than what was in flight is overspent")
    func budget() async throws {
        let server = try await MisbehavingServer(.none, respond: Self.unhurried)
        var options = Endpoints.options
        options.price = ModelPrice(prompt: 10_000, completion: 0)  // $0.10 a call
        options.maximumInFlight = 4
        let limit = SpendingLimit(dollars: 1)
        let model = try Endpoints.model(server, options, limit: limit)
        let stopped = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<40 {
                group.addTask {
                    do {
                        _ = try await model.complete(Endpoints.request("\(number)"))
                        return false
                    } catch let error as TemperError {
                        return error.code == .budget
                    } catch {
                        return false
                    }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        let spent = await limit.spent
        #expect(spent >= 0.999 && spent < 1.301, "\(spent)")
        #expect(server.requestCount >= 10 && server.requestCount <= 13)
        #expect(stopped == 40 - server.requestCount)
        let resumed = SpendingLimit(dollars: 2.5, alreadySpent: 2.5)
        let error = await #expect(throws: TemperError.self) { try await resumed.check() }
        #expect(
            error?.description
                == "error: the budget of $2.5000 is reached: $2.5000 spent\n"
                + "  run the same command with a higher --budget to go on where it stopped; what is finished is kept")
    }
}
