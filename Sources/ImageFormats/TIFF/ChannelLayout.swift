/// What the pages of a TIFF mean: which are channels of one image, and what these
/// are called.
///
/// ImageJ's description says `channels=2` and the like, with the channel of pages
/// counted fastest (ij.io.TiffEncoder). OME-XML (Goldberg et al., Genome Biology 6,
/// 2005, doi 10.1186/gb-2005-6-5-r47) has attributes of an element Pixels.
struct ChannelLayout: Equatable {
  /// How many pages are channels of one image.
  let channelsInPages: Int

  /// How many images that leaves.
  let planes: Int

  /// How many pages there are from a channel to the next.
  private let channelStep: Int

  /// The names that the file gives to channels; empty where it gives none.
  private let given: [String]

  /// Finds out.
  ///
  /// - Parameters:
  ///   - description: That of the first page.
  ///   - labels: The names of ImageJ's slices.
  ///   - pages: The number of pages.
  ///   - samples: The samples of a pixel of a page.
  init(description: String, labels: [String], pages: Int, samples: Int) {
    var (channels, step) = (1, 1)
    var names: [String] = []
    if description.hasPrefix("ImageJ=") {
      channels = Self.number("channels", in: description) ?? 1
      names = Array(labels.prefix(channels))
    } else if let start = description.firstRange(of: "<Pixels") {
      let element = String(
        description[start.upperBound...].prefix { $0 != ">" })
      func size(_ axis: Character) -> Int {
        Self.attribute("Size\(axis)", of: element).flatMap { Int($0) } ?? 1
      }
      channels = size("C") / max(1, samples)
      let order = Self.attribute("DimensionOrder", of: element) ?? "XYCZT"
      for axis in order.dropFirst(2) {
        guard axis != "C" else { break }
        step = step.multipliedReportingOverflow(by: size(axis)).partialValue
      }
      names = Self.channelNames(description)
    }
    guard channels > 1, step >= 1,
      pages.isMultiple(of: channels), channels <= pages,
      (pages / channels).isMultiple(of: step)
    else {
      channelsInPages = 1
      planes = pages
      channelStep = 1
      given = channels == 1 && names.count == samples ? names : []
      return
    }
    channelsInPages = channels
    planes = pages / channels
    channelStep = step
    given = names.count == channels * samples ? names : []
  }

  /// The page that has a channel of an image.
  func page(_ plane: Int, channel: Int) -> Int {
    let (block, inside) = plane.quotientAndRemainder(dividingBy: channelStep)
    return (block * channelsInPages + channel) * channelStep + inside
  }

  /// A name for each channel.
  func names(_ count: Int) -> [String] {
    (0..<count).map { channel in
      let name = given.count == count ? given[channel] : ""
      return name.isEmpty ? "\(channel + 1)" : name
    }
  }

  /// A number of ImageJ's description.
  private static func number(_ key: String, in text: String) -> Int? {
    for line in text.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: "=", maxSplits: 1)
      if parts.count == 2, parts[0] == key { return Int(parts[1]) }
    }
    return nil
  }

  /// An attribute of an XML element.
  private static func attribute(_ name: String, of element: String) -> String? {
    for quote in ["\"", "'"] {
      guard let start = element.firstRange(of: " \(name)=\(quote)") else {
        continue
      }
      let rest = element[start.upperBound...]
      guard let end = rest.firstIndex(of: Character(quote)) else { return nil }
      return unescaped(String(rest[..<end]))
    }
    return nil
  }

  /// The names of the elements Channel of the first image.
  private static func channelNames(_ text: String) -> [String] {
    var names: [String] = []
    var rest = text[...]
    if let end = rest.firstRange(of: "</Pixels>") {
      rest = rest[..<end.lowerBound]
    }
    while let start = rest.firstRange(of: "<Channel ") {
      rest = rest[start.upperBound...]
      let element = " " + String(rest.prefix { $0 != ">" })
      names.append(attribute("Name", of: element) ?? "")
    }
    return names
  }

  private static func unescaped(_ text: String) -> String {
    [
      ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"),
      ("&amp;", "&"),
    ]
    .reduce(text) { $0.replacing($1.0, with: $1.1) }
  }
}
