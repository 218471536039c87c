import Foundation

extension JinjaFormat {
    /// `strftime` in English, local time.
    static func date(_ date: Date, _ format: String) throws -> String {
        var time = time_t(date.timeIntervalSince1970.rounded(.down))
        var parts = tm()
        guard localtime_r(&time, &parts) != nil else { throw JinjaFault("the time cannot be read") }
        let (days, months) = (
            ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
            [
                "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
                "December",
            ]
        )
        func digits(_ value: Int32, _ width: Int, _ fill: String = "0") -> String {
            let text = String(value)
            return String(repeating: fill, count: max(0, width - text.count)) + text
        }
        let (day, month) = (days[Int(parts.tm_wday)], months[Int(parts.tm_mon)])
        let hour12 = parts.tm_hour % 12 == 0 ? 12 : parts.tm_hour % 12
        var result = ""
        var rest = format[...]
        while let character = rest.popFirst() {
            guard character == "%" else {
                result.append(character)
                continue
            }
            let isShort = rest.first == "-"
            if isShort { rest.removeFirst() }
            let width = isShort ? 1 : 2
            guard let kind = rest.popFirst() else { throw JinjaFault("a date format ends with '%'") }
            switch kind {
            case "Y": result += String(parts.tm_year + 1900)
            case "y": result += digits(parts.tm_year % 100, width)
            case "m": result += digits(parts.tm_mon + 1, width)
            case "d": result += digits(parts.tm_mday, width)
            case "e": result += digits(parts.tm_mday, width, " ")
            case "H": result += digits(parts.tm_hour, width)
            case "I": result += digits(hour12, width)
            case "M": result += digits(parts.tm_min, width)
            case "S": result += digits(parts.tm_sec, width)
            case "j": result += digits(parts.tm_yday + 1, isShort ? 1 : 3)
            case "p": result += parts.tm_hour < 12 ? "AM" : "PM"
            case "A": result += day
            case "a": result += day.prefix(3)
            case "B": result += month
            case "b", "h": result += month.prefix(3)
            case "F": result += "\(parts.tm_year + 1900)-\(digits(parts.tm_mon + 1, 2))-\(digits(parts.tm_mday, 2))"
            case "T": result += "\(digits(parts.tm_hour, 2)):\(digits(parts.tm_min, 2)):\(digits(parts.tm_sec, 2))"
            case "n": result += "\n"
            case "t": result += "\t"
            case "%": result += "%"
            default: throw JinjaFault("the date format '%\(kind)' is not supported")
            }
        }
        return result
    }
}
