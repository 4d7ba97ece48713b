public import ImageFormats
public import ImageQuality
public import PaletteFiles
public import Quantization
public import Segmentation
public import SoftFormats
public import SystemPackage
public import TableFiles

/// Why a job ended without its outputs.
///
/// Each case names the file it is about; `message` is one line for a person,
/// and `exitStatus` what the process should end with.
public enum QuantizeError: Error, Equatable, Sendable {
  /// The options contradict each other or are out of range.
  case usage(String)

  /// The input does not exist or cannot be read.
  case unreadable(FileLocation, reason: String)

  /// The input is not an image that can be decoded.
  case decode(FileLocation, DecodeError)

  /// The input has more bytes than it may have.
  case inputTooLarge(FileLocation, maximumBytes: Int)

  /// The image cannot be reduced to a palette.
  case quantize(FileLocation, QuantizationError)

  /// The file of initial means cannot be used.
  case initialMeans(FileLocation, reason: String)

  /// The colours of a file cannot be a palette.
  case palette(FileLocation, QuantizationError)

  /// A palette file cannot be read or written.
  case paletteFile(FileLocation, PaletteFileError)

  /// The image cannot be compared with its original.
  case compare(FileLocation, MetricsError)

  /// The result cannot be written in its format.
  case encode(FileLocation, EncodeError)

  /// The image has no responsibilities or segments.
  case segmentation(FileLocation, SegmentationError)

  /// Responsibilities, or a picture made of them, cannot be written.
  case softOutput(FileLocation, SoftFormatError)

  /// A file is no table, or no model of one.
  case table(FileLocation, TableError)

  /// The output exists, and replacing it was not asked for.
  case outputExists(FilePath)

  /// The folder exists, and replacing it was not asked for.
  case folderExists(FilePath)

  /// The folder holds a file that would not be replaced.
  case folderOfOthers(FilePath, other: String)

  /// The output of an earlier run is not what this one would make.
  case outputOutdated(FilePath)

  /// The output is the input itself.
  case outputIsInput(FilePath)

  /// The output would replace a file that is read, and is not its image.
  case replacesInput(FileLocation, what: String)

  /// Replacing the input by the output would lose frames of its animation.
  case losesFrames(FilePath, Int)

  /// The output cannot be created.
  case cannotCreate(FilePath, reason: String)

  /// The output is not smaller than the input, which was asked for.
  case notSmaller(FileLocation, outputBytes: Int, inputBytes: Int)

  /// A JPEG of fewer colours is larger than one of all colours, and is not
  /// wanted then.
  case pointless(FileLocation, outputBytes: Int, plainBytes: Int)

  /// The image needs more memory than is allowed, and cannot be read strip by
  /// strip.
  case cannotStream(FileLocation, reason: String, bytes: Int, budget: Int)

  /// The input changed between two passes over it.
  case inputChanged(FileLocation)

  /// This many images of a batch failed; each was reported before.
  case batchFailures(Int, of: Int)

  /// This many of several images failed, each of them reported before, all with
  /// this exit status.
  case imageFailures(Int, of: Int, ExitStatus)

  /// This many of several images would not be smaller than their inputs, and are
  /// not written, which was asked for.
  case imagesNotSmaller(Int, of: Int)

  /// Reading or writing failed midway.
  case inputOutput(FileLocation, reason: String)

  /// What is wrong and what to do, in one line without line breaks.
  public var message: String {
    switch self {
    case .usage(let text):
      text
    case .unreadable(let input, let reason):
      "\(input.displayName): \(reason)"
    case .decode(let input, let error):
      "\(input.displayName): \(error.message)"
    case .inputTooLarge(let input, let maximumBytes):
      "\(input.displayName): there are more than the \(maximumBytes) bytes "
        + "allowed; name another file, or allow more with --max-input"
    case .quantize(let input, let error):
      "\(input.displayName): \(error.message)"
    case .palette(let file, let error):
      "\(file.displayName): \(error.message)"
    case .paletteFile(let file, let error):
      "\(file.displayName): \(error.message)"
    case .initialMeans(let file, let reason):
      "\(file.displayName): \(reason)"
    case .compare(let file, let error):
      "\(file.displayName): \(error.message)"
    case .encode(let output, let error):
      "\(output.displayName): \(error.message)"
    case .segmentation(let input, let error):
      "\(input.displayName): \(error.message)"
    case .softOutput(let output, let error):
      "\(output.displayName): \(error.message)"
    case .table(let file, let error):
      "\(file.displayName): \(error.message)"
    case .outputExists(let path):
      "\(path.displayName): the file exists; choose another name, or replace "
        + "it with --force"
    case .folderExists(let path):
      "\(path.displayName): the folder exists; choose another one with -o, or "
        + "replace it with --force"
    case .folderOfOthers(let path, let other):
      "\(path.displayName): the folder holds \(other), which is not a file of a "
        + "report, so it is not replaced; choose another folder with -o"
    case .outputOutdated(let path):
      "\(path.displayName): made by an earlier run with other options or from "
        + "another input; --resume redoes such outputs, --force redoes all"
    case .outputIsInput(let path):
      "\(path.displayName): the output is the input itself; choose another name "
        + "with -o, or replace the input with --force"
    case .replacesInput(let location, let what):
      "\(location.displayName): \(what) would replace this file, which is an "
        + "input, and not even --force allows that; give \(what) another place"
    case .losesFrames(let path, let count):
      "\(path.displayName): not replaced: the image is animated, and \(count) "
        + "frame\(count == 1 ? "" : "s") would be lost; write to another file "
        + "with -o"
    case .cannotCreate(let path, let reason):
      "\(path.displayName): cannot create the file: \(reason)"
    case .notSmaller(let output, let outputBytes, let inputBytes):
      "\(output.displayName): not written: the image would have "
        + "\(outputBytes) bytes and the input has \(inputBytes); keep the "
        + "input, or leave --skip-if-larger out"
    case .pointless(let output, let outputBytes, let plainBytes):
      "\(output.displayName): not written: the JPEG of fewer colours would have "
        + "\(outputBytes) bytes, and one of all colours at the same quality "
        + "\(plainBytes)"
    case .cannotStream(let input, let reason, let bytes, let budget):
      "\(input.displayName): \(reason), so the image needs about "
        + "\(bytes >> 20) MiB of memory, more than the \(budget >> 20) MiB "
        + "allowed; allow more with --memory"
    case .inputChanged(let input):
      "\(input.displayName): the file changed while it was being read; try again"
    case .batchFailures(let failed, let count):
      "\(failed) of \(count) inputs failed; see the lines above, and run the "
        + "same command again to retry them"
    case .imageFailures(let failed, let count, _):
      "\(failed) of \(count) images failed; see the lines above"
    case .imagesNotSmaller(let number, let count):
      "\(number) of \(count) images would not be smaller, so they are not "
        + "written"
    case .inputOutput(let location, let reason):
      "\(location.displayName): \(reason)"
    }
  }

  /// The exit status of sysexits.h that belongs to the error.
  public var exitStatus: ExitStatus {
    switch self {
    case .usage: .usage
    case .unreadable: .noInput
    case .quantize(_, .qualityMissed): .qualityTooLow
    case .softOutput(_, .inputOutput), .softOutput(_, .failed):
      .inputOutputError
    case .softOutput(_, .missingLibrary): .cannotCreate
    case .decode, .inputTooLarge, .losesFrames, .quantize, .initialMeans,
      .palette, .paletteFile, .compare,
      .encode, .cannotStream, .batchFailures, .segmentation,
      .softOutput, .table:
      .dataError
    case .outputExists, .outputOutdated, .folderExists, .folderOfOthers,
      .outputIsInput, .replacesInput, .cannotCreate:
      .cannotCreate
    case .notSmaller, .pointless, .imagesNotSmaller: .notSmaller
    case .imageFailures(_, _, let status): status
    case .inputOutput, .inputChanged: .inputOutputError
    }
  }
}
