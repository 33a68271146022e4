@echo off
rem Starts microgpt.jar, which lies beside this file. JAVA_HOME says which JDK, else it is the java of the PATH. JAVA_OPTS, if set, are
rem the options of the JVM, and nothing is added to them.
setlocal DisableDelayedExpansion
set "jar=%~dp0microgpt.jar"
set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java"

if defined JAVA_OPTS (
    "%java%" %JAVA_OPTS% -jar "%jar%" %*
    exit /b
)

rem Where SIMD pays, but the jar does not load the module by itself
if "%~1"=="generate" (
    echo %* | findstr /r /c:"--count[ =][0-9][0-9][0-9][0-9][0-9]" > nul && (
        "%java%" --add-modules jdk.incubator.vector -jar "%jar%" %*
        exit /b
    )
)

rem What ends before C2 has compiled anything
set "command=%~1"
if not defined command set "command=none"
set "short="
for %%c in (none inspect export generate generate-completion -h --help -V --version) do if "%command%"=="%%c" set "short=yes"
if not defined short (
    "%java%" -jar "%jar%" %*
    exit /b
)

rem Short commands: C1 alone, one thread of garbage collection, and classes from an archive that the first run leaves beside the jar
set "options=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xlog:disable"
set "jdk="
if defined JAVA_HOME if exist "%JAVA_HOME%\release" (
    for /f "usebackq tokens=1,2 delims==" %%a in ("%JAVA_HOME%\release") do if "%%a"=="JAVA_RUNTIME_VERSION" set "jdk=%%~b"
)
if "%command%"=="export" set "jdk="
if not defined jdk (
    "%java%" %options% -jar "%jar%" %*
    exit /b
)
set "archive=%~dp0microgpt-@project.version@-jdk-%jdk%-%command%.jsa"
if exist "%archive%" (
    "%java%" %options% "-XX:SharedArchiveFile=%archive%" -jar "%jar%" %*
    exit /b
)
"%java%" %options% -jar "%jar%" %*
if errorlevel 1 exit /b
rem The same once more, for the archive alone: a JVM that cannot write one ends with 1
set "part=%archive%.%random%"
"%java%" %options% "-XX:ArchiveClassesAtExit=%part%" -jar "%jar%" %* < nul > nul 2>&1 && move /y "%part%" "%archive%" > nul 2>&1
if exist "%part%" del /q "%part%" > nul 2>&1
exit /b 0
