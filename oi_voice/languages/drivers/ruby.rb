# Runs Ruby in one lasting process. OI_VOICE_REQUESTS names a FIFO of requests {mark, code}, one JSON object a line; a
# run's end goes to the terminal as "\x1e<mark> <word>\x1e". SIGINT ends what runs.
require "json"

module OiVoice
  # Notes whether anything was written since it was last asked.
  module Noted
    attr_accessor :written

    def write(*)
      @written = true
      super
    end
  end

  # Evaluates as the top level of a program does; what is its own it keeps out of backtraces.
  class Driver
    NAME = "(code)".freeze

    def initialize
      @requests = File.open(ENV.fetch("OI_VOICE_REQUESTS"), "r:utf-8")
      @terminal = File.open("/dev/tty", "w")
      [@terminal, STDOUT, STDERR].each { |stream| stream.sync = true }
      STDOUT.extend(Noted)
      $0 = NAME # so that "if __FILE__ == $0" holds
      @running = false
      trap("INT") { raise Interrupt if @running }
    end

    def serve
      while (line = @requests.gets)
        request = JSON.parse(line)
        word = run(request["code"])
        @terminal.write("\x1e#{request["mark"]} #{word}\x1e")
      end
    end

    private

    def run(code)
      STDOUT.written = false
      value = evaluated(code)
      STDOUT.puts("=> #{value.inspect}") unless value.nil? || STDOUT.written
      "ok"
    rescue Interrupt
      complain("Interrupted")
    rescue SystemExit, SignalException
      raise
    rescue Exception => e
      complain(told(e))
    end

    def evaluated(code)
      @running = true
      TOPLEVEL_BINDING.eval(code, NAME)
    ensure
      @running = false
    end

    def complain(text)
      STDERR.puts(text)
      "error"
    end

    def told(error)
      cause = error
      while cause
        cause.set_backtrace(cause.backtrace.reject { |line| line.start_with?(__FILE__) }) if cause.backtrace
        cause = cause.cause
      end
      error.backtrace&.any? ? error.full_message(highlight: false, order: :top) : "#{error.message} (#{error.class})"
    end
  end
end

OiVoice::Driver.new.serve
