import ImageFormats
import Rasters
import ServeCore
import Testing
import _TestSupport

@Suite struct ExportPlanTests {
  private func plan(
    _ json: String, name: String = "my photo.jpg"
  ) throws -> ExportPlan {
    let picture = try OpenPicture(
      name: name,
      bytes: try PNGEncoder().encode(
        TestRasters.noisyGradient(width: 8, height: 8)), ServiceLimits(),
      threads: 1)
    return try ExportPlan(
      try FitRequest.decode(
        ExportPlan.Request.self, from: Array(json.utf8)),
      try FitRequest.decode(FitRequest.self, from: Array(json.utf8)),
      of: picture)
  }

  @Test(arguments: [
    (
      ##"{"as": "png", "colors": 4}"##,
      "quantize 'my photo.jpg' -k 4 -o 'my photo-quantized.png'"
    ),
    (
      ##"{"as": "gpl", "colors": 4, "pins": ["it's=#fff"]}"##,
      "quantize 'my photo.jpg' -k 4 --pin 'it'\\''s=#ffffff' "
        + "-o 'my photo-quantized.png' --palette-out 'my photo.gpl'"
    ),
    (
      ##"{"as": "layers-psd", "colors": 4, "cprime": 2}"##,
      "quantize 'my photo.jpg' -k 4 --cprime 2 -o 'my photo-quantized.png' "
        + "--layers 'my photo-layers.psd'"
    ),
    (
      ##"{"as": "outlines", "colors": 4, "dither": "sierra", "perceptual": true}"##,
      "quantize segment 'my photo.jpg' -k 4 --space oklab "
        + "-o 'my photo-segments.png' --outlines 'my photo-outlines.svg'"
    ),
    (
      ##"{"as": "compare", "colors": 3, "cprime": 3}"##,
      "quantize compare 'my photo.jpg' -k 3 --cprime 1,2,3 -o report"
    ),
    (
      """
      {"as": "recolor", "colors": 8, "cprime": 2,
       "moves": [{"from": "#102030", "to": "red"}], "shades": 5}
      """,
      "quantize recolor 'my photo.jpg' --from '#102030' --to '#ff0000' "
        + "--shades 5.0 -k 8 --cprime 2 --space srgb "
        + "-o 'my photo-recolored.png'"
    ),
  ])
  func commandsAreThoseThatPeopleWrite(json: String, command: String) throws {
    #expect(try plan(json).command == command)
  }

  @Test func wordsAreNoOptionsAndNoCommands() throws {
    #expect(
      try plan(##"{"as": "png", "colors": 4}"##, name: "segment").command
        == "quantize ./segment -k 4 -o segment-quantized.png")
    #expect(
      try plan(
        ##"{"as": "png", "colors": 4, "pins": ["-x=#fff"]}"##, name: "a.b"
      )
      .command == "quantize a.b -k 4 '--pin=-x=#ffffff' -o a-quantized.png")
  }

  @Test func everythingHasAFileOfItsOwn() throws {
    var names: Set<String> = []
    for kind in ExportKind.allCases {
      let plan = try self.plan(
        """
        {"as": "\(kind.rawValue)", "colors": 4,
         "moves": [{"from": "#fff", "to": "#000"}]}
        """)
      #expect(names.insert(plan.fileName).inserted)
      #expect(plan.fileName.hasPrefix("my photo"))
      #expect(plan.arguments.contains(plan.output) || kind == .compare)
      #expect(plan.files.isEmpty)
    }
  }

  @Test(arguments: [
    (##"{"as": "gif", "colors": 4}"##, "must be one of png"),
    (##"{"as": "recolor", "colors": 4}"##, "\"moves\" is missing"),
    (##"{"as": "compare", "palette": ["#fff"]}"##, "fits its colours"),
    (##"{"as": "png", "colors": 0}"##, "1 to 256"),
  ])
  func mistakesAreNamed(json: String, message: String) {
    let error = #expect(throws: ServiceError.self) { try plan(json) }
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }

  /// What the command writes is never the picture or the palette that it reads.
  @Test func namesDoNotCollide() throws {
    #expect(throws: ServiceError.self) {
      try self.plan(##"{"as": "png", "colors": 4}"##, name: "palette.json")
    }
    let plan = try self.plan(##"{"as": "json", "palette": ["#fff"]}"##)
    #expect(plan.files.map(\.name) == ["palette.json"])
    #expect(plan.output == "my photo.json")
    #expect(throws: ServiceError.self) {
      try self.plan(
        ##"{"as": "json", "palette": ["#fff"]}"##, name: "palette.x")
    }
  }
}
