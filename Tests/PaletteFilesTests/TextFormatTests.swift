import PaletteFiles
import Rasters
import Testing

/// The formats that are texts, against files written by hand.
@Suite struct TextFormatTests {
  private func read(
    _ format: PaletteFormat, _ text: String
  ) throws -> [PaletteColor] {
    try format.read(Array(text.utf8))
  }

  private func written(_ format: PaletteFormat) throws -> String {
    String(
      decoding: try format.write(Samples.colors, title: "A\ntitle"),
      as: UTF8.self)
  }

  @Test func gimp() throws {
    #expect(
      try written(.gpl) == """
        GIMP Palette
        Name: A title
        Columns: 4
        #
          0   0   0\tBlack ink
        255 255 255\tUntitled
          1 128 254\tBlå
          1 128 254\tUntitled

        """)
    let colors = try read(
      .gpl,
      "GIMP Palette\r\nName: x\r\nColumns: 0\r\n# 1 2 3\r\n\r\n"
        + "1 2 3\r\n  255\t0 17  Deep  red \r\n")
    #expect(
      colors == [
        Samples.color(0x010203),
        PaletteColor(color: RGBColor(packed: 0xff0011), name: "Deep  red"),
      ])
    // Aseprite's.
    #expect(
      try read(
        .gpl, "GIMP Palette\nChannels: RGBA\n#\n1 2 3 255 a b\n4 5 6 7\n")
        == [
          PaletteColor(color: RGBColor(packed: 0x010203), name: "a b"),
          Samples.color(0x040506, 7),
        ])
    // The old form has no header.
    #expect(
      try read(.gpl, "GIMP Palette\n9 8 7 x\n").map(\.color.packed)
        == [0x090807])
  }

  @Test func jasc() throws {
    #expect(
      try written(.pal)
        == "JASC-PAL\r\n0100\r\n4\r\n0 0 0\r\n255 255 255\r\n1 128 254\r\n"
        + "1 128 254\r\n")
    #expect(
      try read(.pal, "JASC-PAL\n0100\n2\n1 2 3\n4 5 6 77\n")
        == [Samples.color(0x010203), Samples.color(0x040506, 77)])
  }

  @Test func hex() throws {
    #expect(try written(.hex) == "000000\nffffff\n0180fe\n0180fe\n")
    #expect(
      try read(.hex, "\u{feff}#A1B2C3\r\n\r\n010203\n01020304")
        == [
          Samples.color(0xa1b2c3), Samples.color(0x010203),
          Samples.color(0x010203, 4),
        ])
  }

  @Test func paintNET() throws {
    #expect(
      try written(.txt)
        == "; Paint.NET Palette File\r\n; A title\r\nFF000000\r\nFFFFFFFF\r\n"
        + "FF0180FE\r\nFF0180FE\r\n")
    #expect(
      try read(.txt, "; a\n80010203 ; half\n\nAABBCC\n")
        == [Samples.color(0x010203, 0x80), Samples.color(0xaabbcc)])
  }

  @Test func css() throws {
    #expect(
      try written(.css) == """
        :root {
          --Black-ink: #000000;
          --color-2: #ffffff;
          --Blå: #0180fe;
          --color-4: #0180fe;
        }

        """)
    let colors = try read(
      .css,
      """
      /* --no: #111111; */
      :root { --a: #F00; --size: 12px; color: #abcdef;
        --b: rgb(1, 2, 3); --c: rgba(1 2 3 / 50%) !important;
        --d: RebeccaPurple; --e: var(--a); --f: #0102030a }
      """)
    #expect(colors.map(\.name) == ["a", "b", "c", "d", "f"])
    #expect(
      colors.map(\.color.packed)
        == [0xff0000, 0x010203, 0x010203, 0x663399, 0x010203])
    #expect(colors.map(\.alpha) == [255, 255, 128, 255, 10])
  }

  @Test func scss() throws {
    #expect(
      try written(.scss)
        == "$Black-ink: #000000;\n$color-2: #ffffff;\n$Blå: #0180fe;\n"
        + "$color-4: #0180fe;\n")
    let colors = try read(
      .scss,
      "// $no: #111;\n$a: #123456 !default;\n.b { $c : Red; --d: blue; }\n")
    #expect(colors.map(\.name) == ["a", "c"])
    #expect(colors.map(\.color.packed) == [0x123456, 0xff0000])
  }

  @Test func sameNamesAreNumbered() throws {
    let twice = ["1 a", "1 a", "–"].map {
      PaletteColor(color: RGBColor(packed: 0), name: $0)
    }
    #expect(
      String(decoding: try PaletteFormat.scss.write(twice), as: UTF8.self)
        == "$_1-a: #000000;\n$_1-a-2: #000000;\n$color-3: #000000;\n")
  }

  @Test func json() throws {
    let colors = try read(
      .json,
      """
      [[1, 2, 3], [4, 5, 6, 7], "#abc", "navy", {"hex": "#01020304"},
       {"rgb": [9, 8, 7], "alpha": 6, "name": "n", "count": 5}]
      """)
    #expect(
      colors.map(\.color.packed)
        == [0x010203, 0x040506, 0xaabbcc, 0x000080, 0x010203, 0x090807])
    #expect(colors.map(\.alpha) == [255, 7, 255, 255, 4, 6])
    #expect(colors.map(\.name) == [nil, nil, nil, nil, nil, "n"])
    // A report has its palette among other things.
    #expect(
      try read(.json, #"{"k": 1, "palette": [{"rgb": [1, 2, 3]}]}"#)
        == [Samples.color(0x010203)])
    #expect(
      try read(.json, #"{"colors": ["red"]}"#) == [Samples.color(0xff0000)])
    #expect(
      String(
        decoding: try PaletteFormat.json.write([
          PaletteColor(color: RGBColor(packed: 0x0180fe), name: "b")
        ]), as: UTF8.self) == """
          [
            {
              "alpha" : 255,
              "hex" : "#0180fe",
              "name" : "b",
              "rgb" : [
                1,
                128,
                254
              ]
            }
          ]

          """)
  }

  @Test(arguments: [
    (
      PaletteFormat.gpl, "Gimp\n1 2 3",
      "line 1 of the GIMP palette is wrong: expected “GIMP Palette”"
    ),
    (.gpl, "GIMP Palette\nName: a\n\n1 2 3\n1 2 256\n", "line 5"),
    (.gpl, "GIMP Palette\n1 2\n", "line 2"),
    (.gpl, "GIMP Palette\n+1 2 3\n", "three numbers from 0 to 255"),
    (.gpl, "GIMP Palette\nName: a\n# b\n", "there are no colours"),
    (.pal, "JASC\n0100\n0\n", "JASC and RIFF"),
    (.pal, "JASC-PAL\n0200\n1\n1 2 3\n", "line 2"),
    (
      .pal, "JASC-PAL\n0100\nmany\n1 2 3\n",
      "line 3 of the PAL palette is wrong: expected the number"
    ),
    (.pal, "JASC-PAL\n0100\n2\n1 2 3\n", "1 of 2 colours"),
    (
      .pal, "JASC-PAL\n0100\n1\n1 2 3\n4 5 6\n",
      "line 5 of the PAL palette is wrong: there are more"
    ),
    (.pal, "JASC-PAL\n0100\n1\n1 2 x\n", "line 4"),
    (.pal, "JASC-PAL\n0100\n0\n", "there are no colours"),
    (
      .hex, "010203\n12345\n",
      "line 2 of the list of hex colours is wrong: expected rrggbb, not “12345”"
    ),
    (.hex, "0102g3\n", "line 1"),
    (
      .txt, "; a\nFF0102033\n",
      "line 2 of the Paint.NET palette is wrong: expected aarrggbb"
    ),
    (.txt, "; a\n", "there are no colours"),
    (
      .css, ":root {\n --a: hsl(1 2% 3%);\n}",
      "line 2 of the CSS style sheet is wrong: the colour “hsl(1"
    ),
    (.css, ":root { --a: #12345; }", "#12345"),
    (
      .css, "/*\r\n*/\r\n\n--a: hsl(1 2% 3%)",
      "line 4 of the CSS style sheet is wrong: the colour"
    ),
    (
      .scss, "// \u{301}\r$b: #fff;\r\n$a: lab(0 0 0)",
      "line 3 of the SCSS style sheet is wrong: the colour"
    ),
    (.css, ":root { --a: rgb(256 0 0); }", "as #rrggbb"),
    (.css, "p { color: red; }", "there are no colours"),
    (.scss, "$a: lab(29% 39 20);", "line 1"),
    (.scss, "/* $a: #fff;", "there are no colours"),
    (.json, "[[1, 2, 3], [1, 2]]", "colour 2 has 2 numbers"),
    (.json, "[[1, 2, 2.5]]", "colour 1 is not of whole numbers"),
    (.json, "[[1, 2, -1]]", "from 0 to 255"),
    (.json, "[\"#12\"]", "“#12”, which is no colour"),
    (.json, "[3]", "is neither"),
    (.json, "[{\"name\": \"a\"}]", "is neither"),
    (.json, "[{\"rgb\": [1, 2, 3], \"space\": \"p3\"}]", "“p3”, not of sRGB"),
    (.json, "[[1, 2", "not valid JSON"),
    (.json, "[]", "there are no colours"),
    (.json, "{\"k\": 3}", "there are no colours"),
  ])
  func mistakesAreNamed(format: PaletteFormat, text: String, words: String) {
    do throws(PaletteFileError) {
      let colors = try format.read(Array(text.utf8))
      Issue.record("\(colors) were read")
    } catch {
      #expect(error.message.contains(words), "\(error.message)")
    }
  }

  @Test func messagesAreShortAndCommandNoTerminal() {
    let text = "\u{1b}[31m" + String(repeating: "x", count: 10_000)
    do throws(PaletteFileError) {
      _ = try PaletteFormat.hex.read(Array(text.utf8))
      Issue.record("it was read")
    } catch {
      #expect(error.message.count < 200)
      #expect(!error.message.contains("\u{1b}"))
    }
  }

  @Test func otherEncodingsAreLatin1() throws {
    let bytes = Array("GIMP Palette\n1 2 3 Bl".utf8) + [0xe5, 0x0a]
    #expect(try PaletteFormat.gpl.read(bytes).first?.name == "Blå")
  }

  @Test func jsonNestedTooDeepIsAnError() {
    let text = String(repeating: "[", count: 100_000)
    #expect(throws: PaletteFileError.self) {
      try PaletteFormat.json.read(Array(text.utf8))
    }
  }
}
