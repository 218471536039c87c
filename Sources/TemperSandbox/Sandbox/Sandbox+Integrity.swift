import TemperCore

extension Sandbox {
    /// Whether the programs and libraries that checks use are still the host's: none replaced, none put before them on the path,
    /// no library or Python start-up file added that they would load.
    ///
    /// Looked at from outside with the host's own tools. Call it after ``endShell()``.
    package func hasTrueSystem() async throws -> Bool {
        let links = SandboxFiles.systemLinks.sorted { $0.key < $1.key }
        let script = """
            PATH=/usr/bin:/bin
            [ -s \(SandboxFiles.root)/etc/ld.so.preload ] && exit 1
            \(links.map { "[ \"$(readlink \(SandboxFiles.root)/\($0.key))\" = \(Self.quoted($0.value)) ] || exit 1" }.joined(separator: "\n"))
            cd \(SandboxFiles.folder)/upper || exit 1
            find pyvenv.cfg bin sbin lib lib32 lib64 libexec libx32 local/bin local/sbin local/lib local/share \\
                ! -type d ! -type c -print0 2>/dev/null |
            while IFS= read -r -d '' file; do
                if [ -e "/usr/$file" ]; then
                    [ -f "$file" ] && [ ! -L "$file" ] && cmp -s "$file" "/usr/$file" && continue
                    exit 1
                fi
                name=${file##*/}
                case $file in
                *bin/*) if [ -e "/usr/bin/$name" ] || [ -e "/usr/sbin/$name" ]; then exit 1; fi ;;
                lib/python*.zip*) exit 1 ;;
                esac
                case $name in
                *.so | *.so.* | *.pm | *.pth | *._pth | pyvenv.cfg | pybuilddir.txt | *customize.py) exit 1 ;;
                esac
            done
            """
        return try await runOutside(["/bin/bash", "-c", script]).status == .exited(0)
    }
}
