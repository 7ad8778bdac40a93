import { Button, Code, CopyButton, Stack } from '@mantine/core';

/** The line an administrator puts into a page, to copy. */
export function ScriptTag({ entryPoint }: { entryPoint: string }) {
  const tag = `<script src="${location.origin}/chat/widget.js" data-entry-point="${entryPoint}" async></script>`;
  return (
    <Stack gap="xs">
      <Code block className="break" style={{ whiteSpace: 'pre-wrap' }}>
        {tag}
      </Code>
      <CopyButton value={tag}>
        {({ copied, copy }) => (
          <Button variant="default" size="xs" w="fit-content" onClick={copy}>
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </CopyButton>
    </Stack>
  );
}
