extension String {
    /// The text for a terminal: control characters, and those that turn the direction of writing, are shown by their number instead
    /// of being sent, so that nothing a model wrote moves the cursor or hides what comes before it. Line ends and tabs stay.
    package var visible: String {
        guard unicodeScalars.contains(where: Self.isHidden) else { return self }
        return unicodeScalars.reduce(into: "") { text, scalar in
            if Self.isHidden(scalar) {
                text += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: false
        case 0x00...0x1F, 0x7F...0x9F, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
