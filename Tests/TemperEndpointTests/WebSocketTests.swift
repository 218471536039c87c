import TemperCore
import TemperTestServer
import Testing

@testable import TemperEndpoint

@Suite(.tags(.alone)) struct WebSocketTests {
    private let server: SocketServer
    private let url: String

    init() async throws {
        server = try await SocketServer()
        url = "ws://127.0.0.1:\(server.port)/ws"
    }

    @Test func textsGoBackAndForthInOrder() async throws {
        let socket = try await WebSocketAdapter.open(url)
        for text in ["one", "", "zwei é世", String(repeating: "x", count: 300_000)] {
            try await socket.send(text)
            #expect(try await socket.receive(within: .seconds(5)) == text)
        }
        try await socket.send("a")
        try await socket.send("b")
        #expect(try await socket.receive(within: .seconds(5)) == "a")
        #expect(try await socket.receive(within: .seconds(5)) == "b")
        await socket.close()
    }

    @Test func piecesPingsAndBytesDoNotDisturb() async throws {
        let socket = try await WebSocketAdapter.open(url)
        for (word, answer) in [("pieces", "one two three"), ("ping", "pong"), ("binary", "text")] {
            try await socket.send(word)
            #expect(try await socket.receive(within: .seconds(5)) == answer)
        }
        await socket.close()
    }

    @Test func silenceAndALostConnectionAreErrorsOfTheEnvironment() async throws {
        let socket = try await WebSocketAdapter.open(url)
        try await socket.send("silence")
        let late = await #expect(throws: TemperError.self) { try await socket.receive(within: .milliseconds(200)) }
        #expect(late?.message == "nothing came within 0.2 s")
        #expect(late?.boundary == .environment)
        let other = try await WebSocketAdapter.open(url)
        try await other.send("leave")
        let lost = await #expect(throws: TemperError.self) { try await other.receive(within: .seconds(5)) }
        #expect(lost?.message == "the server closed the connection")
        await #expect(throws: TemperError.self) { try await other.send("more") }
        await other.close()
        await socket.close()
    }

    @Test func waitingCanBeCancelled() async throws {
        let socket = try await WebSocketAdapter.open(url)
        let waiting = Task { try await socket.receive(within: .seconds(30)) }
        try await Task.sleep(for: .milliseconds(50))
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        await socket.close()
    }

    @Test func whatIsNoWebSocketServerIsNamed() async throws {
        let plain = try await MisbehavingServer(.none)
        let address = plain.url.replacing("http://", with: "ws://")
        let refused = await #expect(throws: TemperError.self) { try await WebSocketAdapter.open(address) }
        #expect(refused?.message.hasPrefix("the server answered the WebSocket handshake with status") == true)
        #expect(refused?.boundary == .environment)
        try await plain.stop()
        await #expect(throws: TemperError.self) { try await WebSocketAdapter.open("ws://127.0.0.1:1/ws") }
        let odd = await #expect(throws: TemperError.self) { try await WebSocketAdapter.open("http://127.0.0.1/ws") }
        #expect(odd?.message == "this is not a WebSocket address")
    }
}
