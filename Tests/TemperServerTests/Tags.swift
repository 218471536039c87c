import Testing

extension Tag {
    /// Starts processes or servers, keeps deadlines or kills runs: `Scripts/test` runs such suites one after the other, so that the
    /// others' work does not starve them.
    @Tag static var alone: Self
}
