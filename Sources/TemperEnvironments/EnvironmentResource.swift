import Foundation

/// Files that ship with the environments.
enum EnvironmentResource {
    /// The file at a path below `Resources`; nil when there is no such file.
    static func url(_ path: String) -> URL? {
        // A copied folder named Resources is the bundle's resource folder on one system and lies inside it on another.
        let bundle = Bundle.module
        let folders = [bundle.bundleURL.appendingPathComponent("Resources"), bundle.resourceURL]
        return folders.compactMap { $0?.appendingPathComponent(path) }.first { FileManager.default.fileExists(atPath: $0.path) }
    }
}
