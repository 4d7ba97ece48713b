import CFuzzer
import CLibrary
import FuzzTargets

/// Runs libFuzzer on the target that the first argument names; what follows are
/// libFuzzer's own. `targets` lists them, a line each; `seeds FOLDER` writes the
/// made-up seeds there, in a folder a target.
@main
enum Driver {
  nonisolated(unsafe) private static var target = FuzzTarget.png

  static func main() {
    let arguments = CommandLine.arguments
    if arguments.count == 3, arguments[1] == "seeds" {
      write(arguments[2])
      return
    }
    if arguments == [arguments[0], "targets"] {
      for target in FuzzTarget.allCases { print(target.rawValue) }
      return
    }
    guard arguments.count > 1, let target = FuzzTarget(rawValue: arguments[1])
    else {
      let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: " ")
      print("the targets are: \(names)")
      exit(2)
    }
    Self.target = target
    var count = CommandLine.argc - 1
    // libFuzzer calls its program by the first argument for reports alone.
    var rest: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? =
      CommandLine.unsafeArgv + 1
    _ = LLVMFuzzerRunDriver(&count, &rest) { bytes, count in
      Driver.target.run(
        Array(UnsafeBufferPointer(start: bytes, count: count)))
      return 0
    }
  }

  private static func write(_ folder: String) {
    for target in FuzzTarget.allCases {
      let place = "\(folder)/\(target.rawValue)"
      mkdir(place, 0o755)
      for (index, seed) in FuzzSeeds.all(for: target).enumerated() {
        guard let file = fopen("\(place)/seed-\(index)", "wb") else {
          print("cannot write to \(place)")
          exit(1)
        }
        fwrite(seed, 1, seed.count, file)
        fclose(file)
      }
    }
  }
}
