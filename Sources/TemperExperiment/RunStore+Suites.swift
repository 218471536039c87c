package import TemperData
import TemperEnvironments

extension RunStore {
    /// Opens or creates the store of a run, whose tasks may be written in the words of any suite.
    ///
    /// - Throws: what ``init(_:formats:)`` throws.
    package convenience init(_ folder: RunFolder) throws {
        try self.init(folder.store, formats: SuiteRegistry.formats)
    }
}
