import TemperCore

/// The tools of a suite: those that are the same for all episodes, and MCP servers whose tools are asked for.
final class ToolSet: Sendable {
    let fixed: [any OutsideTool]
    private let servers: [MCPPool]

    init(_ fixed: [any OutsideTool], servers: [MCPPool] = []) {
        self.fixed = fixed
        self.servers = servers
    }

    /// The tools for one episode, each MCP server in a process that no other episode uses at the same time.
    func session() async throws -> ToolSession {
        var session = ToolSession(tools: fixed)
        for pool in servers {
            let server = try await pool.take()
            session.servers.append((pool, server))
            session.tools += pool.tools(of: server)
        }
        return session
    }

    func end(_ session: ToolSession) async {
        for (pool, server) in session.servers { await pool.give(back: server) }
    }
}

/// The tools of one episode.
struct ToolSession: Sendable {
    var tools: [any OutsideTool]
    var servers: [(pool: MCPPool, server: MCPServer)] = []
}
