/// How much a sandbox may take. All limits hold for root inside it too, which is an ordinary user outside.
package struct SandboxLimits: Sendable, Hashable {
    /// Wall time of one command. AgentBench waits 30 s in version 0.2, 5 s for a silent shell in 0.1.
    package var commandTime = Duration.seconds(10)
    /// Processor time of one process, in seconds.
    package var processorSeconds = 20
    /// Address space of one process, in bytes.
    package var processMemory = 512 << 20
    /// Resident memory of all processes together, in bytes, watched from outside ten times a second.
    package var totalMemory = 768 << 20
    /// Files, pipes and sockets that all processes have open together, watched in the same way. A socket's buffers take about 400 kB.
    package var totalFiles = 1_500
    /// Processes and threads.
    package var processes = 64
    /// All files that are written, together, in bytes; they live in memory.
    package var fileSpace = 64 << 20
    /// Files and folders that are made.
    package var fileCount = 20_000
    /// What one command may print, in bytes.
    package var output = 1 << 20

    package init() {}
}
