# Runs PowerShell in one lasting runspace. OI_VOICE_REQUESTS names a FIFO of requests, one JSON object a line:
# {mark, code} runs code, {stop: mark} ends that run. A run's end goes to the terminal as "\x1e<mark> <word>\x1e".
$edge = [char]0x1e
$requests = [IO.StreamReader]::new($env:OI_VOICE_REQUESTS)
$runspace = [RunspaceFactory]::CreateRunspace($Host)
$runspace.Open()
$coming = $requests.ReadLineAsync()

while ($null -ne ($line = $coming.GetAwaiter().GetResult())) {
    $coming = $requests.ReadLineAsync()
    $request = $line | ConvertFrom-Json
    if ($request.stop) { continue } # of a run that has ended meanwhile
    $word = 'ok'
    $shell = [PowerShell]::Create()
    $shell.Runspace = $runspace
    [void]$shell.AddScript($request.code, $false).AddCommand('Out-Default')
    $shell.Commands.Commands[0].MergeMyResults('Error', 'Output') # so that errors are shown where they happen
    $running = $shell.BeginInvoke()
    while (-not $running.IsCompleted) {
        $handles = $running.AsyncWaitHandle, ([IAsyncResult]$coming).AsyncWaitHandle
        if ([Threading.WaitHandle]::WaitAny($handles) -eq 0) { break }
        $line = $coming.GetAwaiter().GetResult()
        $coming = $requests.ReadLineAsync()
        if ($null -eq $line -or ($line | ConvertFrom-Json).stop -eq $request.mark) { $shell.Stop() }
        if ($null -eq $line) { exit }
    }
    try {
        [void]$shell.EndInvoke($running)
        if ($shell.HadErrors) { $word = 'error' }
    } catch [Management.Automation.PipelineStoppedException] {
        $word = 'error'
        [Console]::Error.WriteLine('Interrupted')
    } catch {
        $word = 'error'
        $cause = if ($_.Exception.InnerException) { $_.Exception.InnerException } else { $_.Exception }
        if ($cause.ErrorRecord) { $cause.ErrorRecord | Out-Default } else { $cause.Message | Out-Default }
    }
    $shell.Dispose()
    [Console]::Out.Write("$edge$($request.mark) $word$edge")
    [Console]::Out.Flush()
}
