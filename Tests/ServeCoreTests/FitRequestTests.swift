import Quantization
import QuantizeKit
import ServeCore
import Testing

@Suite struct FitRequestTests {
  private func request(_ json: String) throws(ServiceError) -> FitRequest {
    try FitRequest.decode(FitRequest.self, from: Array(json.utf8))
  }

  @Test func defaultsAreThoseOfTheCommand() throws {
    let request = try request(##"{"colors": 16}"##)
    #expect(request == FitRequest(colors: 16))
    let options = try request.options(threads: 1).quantizer
    let plain = try QuantizerOptions(colors: 16)
    #expect(options.truncation == plain.truncation)
    #expect(options.effort == plain.effort)
    #expect(options.space.working == plain.space.working)
    #expect(options.dither.method == .none)
    #expect(try request.arguments() == ["-k", "16"])
  }

  @Test func allOptionsBecomeArguments() throws {
    let json = """
      {"colors": 8, "cprime": 2, "space": "oklab", "effort": 3,
       "dither": "sierra", "ditherStrength": 0.5, "importance": "auto",
       "balance": 0.5, "mixing": "learned", "variance": "per-component",
       "seed": 7, "pins": ["sky=#87ceeb", "#ffffff", "#fff"],
       "background": "#101010", "posterize": 2, "reduced": true,
       "measure": true}
      """
    let arguments = try request(json).arguments()
    #expect(
      arguments == [
        "-k", "8", "--cprime", "2", "--pin", "sky=#87ceeb", "--pin", "#ffffff",
        "--effort", "3", "--mixing", "learned", "--variance", "per-component",
        "--seed", "7", "--space", "oklab", "--dither", "sierra",
        "--dither-strength", "0.5", "--importance", "auto", "--balance", "0.5",
        "--posterize", "2", "--background", "#101010",
      ])
    let given = try request(
      ##"{"palette": ["a=#112233", "#44556680", "#112233"], "keepPalette": true}"##
    )
    #expect(
      try given.arguments() == ["--palette", "palette.json", "--keep-palette"])
    #expect(
      String(decoding: try given.paletteJSON(), as: UTF8.self)
        .contains("\"alpha\" : 128"))
    #expect(try given.options(threads: 1).components == 2)
  }

  /// The preset changes what is left open, and nothing that is given.
  @Test func perceptualIsAPreset() throws {
    let preset = try request(##"{"colors": 16, "perceptual": true}"##)
    #expect(try preset.arguments() == ["-k", "16", "--perceptual"])
    let options = try preset.options(threads: 1).quantizer
    #expect(options.space.working == .oklab)
    #expect(options.dither.method == .errorDiffusion(.floydSteinberg))
    #expect(options.dither.sweeps > 0)
    let changed = try request(
      """
      {"colors": 16, "perceptual": true, "space": "srgb", "dither": "none",
       "importance": "none"}
      """)
    #expect(
      try changed.arguments() == [
        "-k", "16", "--perceptual", "--space", "srgb", "--dither", "none",
        "--importance", "none",
      ])
    #expect(try changed.options(threads: 1).quantizer.dither.method == .none)
  }

  @Test(arguments: [
    ("", "not a JSON object"), ("[]", "wrong type"), ("{}", "\"colors\""),
    (##"{"colours": 4}"##, "no option \"colours\""),
    (##"{"colors": 0}"##, "1 to 256"), (##"{"colors": 257}"##, "1 to 256"),
    (##"{"colors": "x"}"##, "\"colors\" has a value of the wrong type"),
    (##"{"colors": 1e99}"##, "out of range"),
    (##"{"colors": 4, "cprime": 5}"##, "1 to the number of colours (4)"),
    (##"{"colors": 4, "cprime": 0}"##, "not 0"),
    (##"{"colors": 4, "effort": 11}"##, "\"effort\" must be 1 to 10"),
    (##"{"colors": 4, "posterize": 5}"##, "\"posterize\" 0 to 4"),
    (##"{"colors": 4, "balance": 2}"##, "0 to 1"),
    (##"{"colors": 4, "space": "hsv"}"##, "srgb, linear"),
    (##"{"colors": 4, "dither": "x"}"##, "floyd-steinberg"),
    (##"{"colors": 4, "dither": "sierra", "minRegion": 9}"##, "contradict"),
    (##"{"colors": 4, "ditherStrength": 2}"##, "0 to 1"),
    (##"{"colors": 4, "minRegion": 0}"##, "1 or more"),
    (##"{"colors": 4, "importance": "file.png"}"##, "none or auto"),
    (##"{"colors": 4, "mixing": "x"}"##, "equal"),
    (##"{"colors": 4, "variance": "x"}"##, "per-component"),
    (##"{"colors": 4, "pins": ["red", "blue", "#00000080"]}"##, "opaque"),
    (##"{"colors": 1, "pins": ["red", "blue"]}"##, "2 colours are pinned"),
    (##"{"colors": 4, "background": "nope"}"##, "no colour"),
    (
      ##"{"colors": 4, "background": "red", "alphaThreshold": 3}"##,
      "contradict"
    ),
    (##"{"colors": 4, "alphaThreshold": 0}"##, "1 to 255"),
    (##"{"colors": 4, "keepPalette": true}"##, "without \"palette\""),
    (##"{"palette": []}"##, "1 to 256 colours, not 0"),
    (##"{"palette": ["#fff"], "pins": ["#000"]}"##, "fitted"),
    (##"{"palette": ["a\nb=#fff"]}"##, "one line"),
    (##"{"palette": ["=#fff"]}"##, "1 to 80 characters"),
  ])
  func mistakesAreNamed(json: String, message: String) {
    let error = #expect(throws: ServiceError.self) {
      try request(json).options(threads: 1)
    }
    #expect(error?.status == 400)
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("\n") == false)
  }
}
