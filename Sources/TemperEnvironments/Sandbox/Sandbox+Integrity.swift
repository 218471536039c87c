import TemperCore

extension Sandbox {
    /// Whether the programs and libraries that checks use are still the host's: none replaced, no library forced on them.
    ///
    /// Looked at from outside with the host's own tools. Call it after ``endShell()``.
    func hasTrueSystem() async throws -> Bool {
        let links = SandboxFiles.systemLinks.sorted { $0.key < $1.key }
        let script = """
            PATH=/usr/bin:/bin
            [ -s \(SandboxFiles.root)/etc/ld.so.preload ] && exit 1
            \(links.map { "[ \"$(readlink \(SandboxFiles.root)/\($0.key))\" = \(Self.quoted($0.value)) ] || exit 1" }.joined(separator: "\n"))
            cd \(SandboxFiles.folder)/upper || exit 1
            find bin sbin lib lib32 lib64 libexec libx32 local/bin local/sbin local/lib ! -type d ! -type c -print0 2>/dev/null |
            while IFS= read -r -d '' file; do
                if [ -e "/usr/$file" ] && ! { [ -f "$file" ] && [ ! -L "$file" ] && cmp -s "$file" "/usr/$file"; }; then exit 1; fi
            done
            """
        return try await runOutside(["/bin/bash", "-c", script]).status == .exited(0)
    }
}
