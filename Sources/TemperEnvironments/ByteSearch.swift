extension String {
    /// Where a part first occurs, compared byte by byte: many times faster on short texts than `firstRange(of:)`, which compares
    /// characters. An empty part is found at the start.
    func firstIndex(ofBytes part: String) -> Index? {
        guard let first = part.utf8.first else { return startIndex }
        return utf8.indices.first { utf8[$0] == first && utf8[$0...].starts(with: part.utf8) }
    }

    /// Whether a part occurs anywhere, compared byte by byte.
    func contains(bytes part: String) -> Bool { firstIndex(ofBytes: part) != nil }
}
