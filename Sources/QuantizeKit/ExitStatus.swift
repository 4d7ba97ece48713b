/// What the process ends with: the values of BSD's sysexits.h, and the shells'
/// convention for signals, with one of pngquant's between them.
public enum ExitStatus: Int32, Sendable {
  /// Everything was written.
  case success = 0

  /// The command line is wrong (`EX_USAGE`).
  case usage = 64

  /// The input is damaged or of an unsupported kind (`EX_DATAERR`).
  case dataError = 65

  /// The input does not exist or cannot be read (`EX_NOINPUT`).
  case noInput = 66

  /// The system gave too little memory (`EX_OSERR`).
  case outOfMemory = 71

  /// An output cannot be created (`EX_CANTCREAT`).
  case cannotCreate = 73

  /// Reading or writing failed (`EX_IOERR`).
  case inputOutputError = 74

  /// The output would not be smaller than the input; pngquant's number.
  case notSmaller = 98

  /// The image would be worse than it may be; the number is pngquant's.
  case qualityTooLow = 99

  /// The terminal went away, SIGHUP: 128 + 1.
  case hungUp = 129

  /// Interrupted by SIGINT: 128 + 2.
  case interrupted = 130

  /// Ended by SIGTERM: 128 + 15.
  case terminated = 143
}
