/// Values for the slots of a ``Wording`` template, one letter each.
struct Slots: Sendable {
    /// Subject.
    var s = ""
    /// Object.
    var o = ""
    /// Noun for the subject's kind.
    var k = ""
    var a = ""
    var b = ""
    var c = ""
    var n = ""
    /// `town` or `city`; the scribe's choice when left empty.
    var t = ""

    func value(of slot: UInt8) -> String? {
        switch slot {
        case UInt8(ascii: "s"): return s
        case UInt8(ascii: "o"): return o
        case UInt8(ascii: "k"): return k
        case UInt8(ascii: "a"): return a
        case UInt8(ascii: "b"): return b
        case UInt8(ascii: "c"): return c
        case UInt8(ascii: "n"): return n
        case UInt8(ascii: "t"): return t
        default: return nil
        }
    }
}
