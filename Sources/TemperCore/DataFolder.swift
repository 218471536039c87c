package import Foundation

/// Where real data lies: `TEMPER_DATA`, or `../shared/data` beside the project.
package enum DataFolder {
    package static let variable = "TEMPER_DATA"

    /// The folder, if there is one.
    package static func locate(environment: [String: String] = ProcessInfo.processInfo.environment) -> URL? {
        let path = environment[variable] ?? "../shared/data"
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else { return nil }
        return URL(fileURLWithPath: path, isDirectory: true)
    }

    /// A file below it.
    ///
    /// - Throws: ``TemperError`` with code `unavailable` that names the variable to set.
    package static func file(_ name: String) throws -> URL {
        let folder = locate()
        if let url = folder?.appendingPathComponent(name), FileManager.default.fileExists(atPath: url.path) { return url }
        throw TemperError(
            .unavailable, "the data file '\(name)' is missing",
            hint: "set \(variable) to the folder that holds it", place: folder?.path, boundary: .data)
    }
}
