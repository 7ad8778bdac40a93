import { Alert, Button, FileButton, Group, Modal, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { attempt, tellDone } from '#ui/tell.ts';

interface Outcome {
  readonly created: number;
  readonly changed: number;
  readonly problems: readonly { readonly line: number; readonly problem: string }[];
}

export interface FromCsvProps {
  readonly title: string;
  /** Takes the rows in, or with `dryRun` only says what would happen. */
  readonly take: (csv: string, dryRun: boolean) => Promise<Outcome>;
  readonly onDone?: () => void;
}

/** Creates and changes things from a CSV file: first shows what would happen, then does it. */
export function FromCsv({ title, take, onDone }: FromCsvProps) {
  const [csv, setCsv] = useState<string>();
  const [outcome, setOutcome] = useState<Outcome>();
  const close = (): void => {
    setCsv(undefined);
    setOutcome(undefined);
  };
  const read = async (file: File | null): Promise<void> => {
    if (!file) return;
    const text = await file.text();
    const planned = await attempt(take(text, true));
    if (!planned) return;
    setCsv(text);
    setOutcome(planned);
  };
  const takeIn = async (): Promise<void> => {
    const done = csv && (await attempt(take(csv, false)));
    if (!done) return;
    tellDone(`${done.created} created, ${done.changed} changed.`);
    close();
    onDone?.();
  };
  return (
    <>
      <FileButton accept=".csv,text/csv" onChange={(file) => void read(file)}>
        {(props) => (
          <Button variant="default" {...props}>
            From CSV
          </Button>
        )}
      </FileButton>
      <Modal opened={outcome !== undefined} onClose={close} title={title} size="lg" centered>
        {outcome ? (
          <Stack>
            <Text>
              {outcome.created} would be created, {outcome.changed} changed
              {outcome.problems.length > 0 ? `, ${outcome.problems.length} left out.` : '.'}
            </Text>
            {outcome.problems.length > 0 ? (
              <Alert color="orange" title="Left out">
                <Table>
                  <Table.Tbody>
                    {outcome.problems.slice(0, 50).map(({ line, problem }) => (
                      <Table.Tr key={`${line}:${problem}`}>
                        <Table.Td w={80}>Line {line}</Table.Td>
                        <Table.Td className="break">{problem}</Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </Alert>
            ) : null}
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button
                disabled={outcome.created + outcome.changed === 0}
                onClick={() => void takeIn()}
              >
                Take in
              </Button>
            </Group>
          </Stack>
        ) : null}
      </Modal>
    </>
  );
}
