import PaletteFiles
import Rasters
import Testing
import _TestSupport

@Suite struct PaletteFormatTests {
  @Test func endingsNameFormats() {
    #expect(PaletteFormat(pathExtension: "GPL") == .gpl)
    #expect(PaletteFormat(pathExtension: "scss") == .scss)
    #expect(PaletteFormat(pathExtension: "gif") == nil)
    #expect(
      PaletteFormat.endings
        == ".gpl, .act, .ase, .pal, .hex, .txt, .css, .scss, .json or .png")
  }

  @Test(arguments: PaletteFormat.allCases)
  func endingsAreFound(format: PaletteFormat) throws {
    #expect(try PaletteFormat.format(forEnding: format.ending) == format)
    let bare = format.rawValue.uppercased()
    #expect(try PaletteFormat.format(forEnding: bare) == format)
  }

  @Test(arguments: [
    ("aco", "there is no palette format “.aco”; use .gpl, "),
    (".less", "there is no palette format “.less”; use .gpl, "),
    ("a\u{1b}b", "there is no palette format “.a\\u{1b}b”; use .gpl, "),
    ("", "the name has no ending"), (nil, "the name has no ending"),
  ])
  func otherEndingsAreRefused(ending: String?, words: String) {
    do throws(PaletteFileError) {
      let format = try PaletteFormat.format(forEnding: ending)
      Issue.record("\(format)")
    } catch {
      #expect(error.message.hasPrefix(words))
      #expect(error.message.hasSuffix(PaletteFormat.endings))
    }
  }

  @Test func theErrorOfAlphaNamesFormatsThatHaveIt() throws {
    let message = PaletteFileError.alpha(.gpl).message
    for format in PaletteFormat.allCases {
      let takes =
        (try? format.write([Samples.color(0x102030, 128)])) != nil
      #expect(message.contains(format.ending) == takes, "\(format)")
    }
  }

  @Test(arguments: PaletteFormat.allCases)
  func roundTripsAreExact(format: PaletteFormat) throws {
    let read = try format.read(try format.write(Samples.ramp))
    #expect(read == Samples.ramp)
    let named = try format.read(try format.write(Samples.colors))
    // A picture has each colour once.
    let kept =
      format == .png ? Array(Samples.colors.dropLast()) : Samples.colors
    #expect(named.map(\.color) == kept.map(\.color))
    switch format {
    case .gpl, .ase, .json:
      #expect(named.map(\.name) == ["Black ink", nil, "Blå", nil])
    case .css, .scss:
      #expect(named.map(\.name) == ["Black-ink", nil, "Blå", nil])
    case .act, .pal, .hex, .txt, .png:
      #expect(named.allSatisfy { $0.name == nil })
    }
    #expect(format.hasNames == (named[0].name != nil))
  }

  /// Names whose first or last scalar makes one character with the mark of the
  /// syntax beside it, and one that is canonically a semicolon.
  @Test(
    arguments: PaletteFormat.allCases,
    ["\u{36c}ue", "\u{8c}\u{36c}ue", "e\u{301}", "\u{d4e}", "a\u{37e}b"])
  func namesMayBeginWithAccents(format: PaletteFormat, name: String) throws {
    let colors = [
      PaletteColor(color: RGBColor(packed: 0x018000), name: name),
      PaletteColor(color: RGBColor(packed: 0xffffff), name: name),
    ]
    let read = try format.read(try format.write(colors))
    #expect(read.map(\.color) == colors.map(\.color))
    guard format.hasNames, format != .json else { return }
    let first = try #require(read[0].name)
    let scalars = Array(first.unicodeScalars)
    #expect(
      scalars
        == name.unicodeScalars.compactMap {
          switch $0 {
          case "\u{8c}": nil
          case "\u{37e}" where format == .css || format == .scss: "-"
          default: $0
          }
        })
  }

  @Test(arguments: PaletteFormat.allCases)
  func alphaIsKeptOrRefused(format: PaletteFormat) throws {
    let translucent = [Samples.color(0x102030), Samples.color(0x405060, 7)]
    let clear = [Samples.color(0, 0), Samples.color(0x102030)]
    switch format {
    case .hex, .txt, .css, .scss, .json, .png:
      #expect(
        try format.read(try format.write(translucent)).map(\.alpha) == [255, 7])
    case .gpl, .act, .ase, .pal:
      #expect(throws: PaletteFileError.alpha(format)) {
        try format.write(translucent)
      }
    }
    let read = try format.read(try format.write(clear)).map(\.alpha)
    switch format {
    case .act, .hex, .txt, .css, .scss, .json: #expect(read == [0, 255])
    case .gpl, .ase, .pal, .png: #expect(read == [255])
    }
  }

  @Test(arguments: PaletteFormat.allCases)
  func emptyFilesAndPalettesAreErrors(format: PaletteFormat) {
    #expect(throws: PaletteFileError.empty) { try format.read([]) }
    #expect(throws: PaletteFileError.noColors(format)) { try format.write([]) }
  }

  /// No file, however damaged, does anything but give colours or an error.
  @Test(arguments: PaletteFormat.allCases)
  func damageIsAnErrorOrAnotherPalette(format: PaletteFormat) throws {
    let whole = try format.write(Samples.colors)
    for count in 0..<min(whole.count, 600) {
      _ = try? format.read(Array(whole.prefix(count)))
    }
    var numbers = Generator(seed: 5)
    var failures = 0
    for _ in 0..<400 {
      var bytes = whole
      for _ in 0..<4 {
        let place = Int(numbers.next() % UInt64(bytes.count))
        bytes[place] = UInt8(truncatingIfNeeded: numbers.next() >> 32)
      }
      do throws(PaletteFileError) {
        #expect(try !format.read(bytes).isEmpty)
      } catch {
        failures += 1
        let message = error.message
        #expect(!message.isEmpty)
        #expect(!message.contains { $0.isNewline })
      }
    }
    // Nearly any bytes are colours to a table.
    if format != .act { #expect(failures > 0) }
  }

  @Test func contentIsRecognized() throws {
    for format in [PaletteFormat.gpl, .ase, .pal, .json, .png] {
      #expect(
        PaletteFormat.recognized(try format.write(Samples.colors)) == format)
    }
    for format in [PaletteFormat.act, .hex, .txt, .css, .scss] {
      #expect(
        PaletteFormat.recognized(try format.write(Samples.colors)) == nil)
    }
  }
}
